import { consistencyChoices } from '#shared/recipe/consistency';
import { lossChoices } from '#shared/recipe/loss';
import { optimizerChoices } from '#shared/recipe/optimizer';
import { modelChoices, type NetworkName } from '#shared/recipe/model';
import { clippingSettingsOf, optimizerSettingsOf, type Recipe } from '#shared/recipe/recipe';
import { regularizerChoices } from '#shared/recipe/regularizer';
import { formatCount, formatCounted, formatNumber, formatPercent } from '../../ui/format';

/** How a part of a recipe is set, in a few words: what a folded group of settings shows. */
export const recipeWords = {
  training: ({ training: { batchSize, steps } }: Recipe) =>
    `${formatCounted(steps, 'step')} of ${formatCount(batchSize)}`,
  model: ({ model }: Recipe) => modelChoices[model.kind].title,
  loss: ({ loss }: Recipe) => lossChoices[loss.kind].title,
  penalty: ({ regularizer }: Recipe) => regularizerChoices[regularizer.kind].title,
  augmentation: ({ model, augmentation: { adaptive, flip, ...changes } }: Recipe) => {
    // A VAE's pictures are mirrored, and nothing else.
    if (model.kind === 'vae') return listed(flip ? ['mirror'] : []);
    const { translation, cutout, brightness, saturation, contrast } = changes;
    const kinds = [
      flip && 'mirror',
      translation > 0 && 'translation',
      cutout > 0 && 'cutout',
      (brightness > 0 || saturation > 0 || contrast > 0) && 'colour',
    ].filter((kind) => kind !== false);
    return listed(adaptive ? [...kinds, 'adaptive'] : kinds);
  },
  unsure: ({ consistency, discriminatorNoise: { labels, pictures } }: Recipe) =>
    listed([
      ...(consistency.kind === 'none' ? [] : [consistencyChoices[consistency.kind].title]),
      ...(labels > 0 ? ['label noise'] : []),
      ...(pictures > 0 ? ['instance noise'] : []),
    ]),
  optimizer: (network: NetworkName, recipe: Recipe) => {
    const { kind, learningRate } = optimizerSettingsOf(recipe, network);
    const { value, norm } = clippingSettingsOf(recipe, network);
    const clipped = value > 0 || norm > 0 ? ', clipped' : '';
    return `${optimizerChoices[kind].title}, ${formatNumber(learningRate)}${clipped}`;
  },
  schedule: ({ training: { rateDecay, rateShape, warmUp } }: Recipe) => {
    const parts = [
      ...(warmUp > 0 ? [`warm-up of ${formatCounted(warmUp, 'step')}`] : []),
      ...(rateDecay > 0 ? [`${rateShape} over the last ${formatPercent(rateDecay)}`] : []),
    ];
    return parts.length > 0 ? parts.join(', ') : 'constant';
  },
  memory: ({ training: { microBatches, emaHalfLife } }: Recipe) =>
    listed([
      ...(emaHalfLife > 0 ? ['averaged G'] : []),
      ...(microBatches > 1 ? [formatCounted(microBatches, 'micro-batch', 'micro-batches')] : []),
    ]),
  latent: ({ latent: { size, distribution } }: Recipe) => `${formatCounted(size, 'number')}, ${distribution}`,
  pictures: ({ image: { size, channels } }: Recipe) => `${size} × ${size}, ${channels === 3 ? 'colour' : 'grey'}`,
} as const;

const listed = (parts: readonly string[]): string => (parts.length > 0 ? parts.join(', ') : 'off');

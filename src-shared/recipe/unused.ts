import type { AugmentationSettings } from './augmentation';
import { ClippingSettings, OptimizerSettings } from './optimizer';
import type { Recipe } from './recipe';

interface GanSetting {
  readonly words: string;
  /** Whether a recipe asks for something by it. */
  readonly isSet: (recipe: Recipe) => boolean;
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
const change = (words: string, key: keyof AugmentationSettings): GanSetting => ({
  words,
  isSet: ({ augmentation }) => Number(augmentation[key]) > 0,
});

/** What only a game of two reads, as people meet it. Mirroring is none of it: that is done to the pictures, whoever learns from them. */
const ofGans: readonly GanSetting[] = [
  { words: 'loss', isSet: ({ loss }) => differs(loss, { kind: 'bceNonSaturating', labelSmoothing: 0 }) },
  { words: 'penalty', isSet: ({ regularizer }) => regularizer.kind !== 'none' },
  { words: 'consistency', isSet: ({ consistency }) => consistency.kind !== 'none' },
  { words: 'label noise', isSet: ({ discriminatorNoise }) => discriminatorNoise.labels > 0 },
  { words: 'instance noise', isSet: ({ discriminatorNoise }) => discriminatorNoise.pictures > 0 },
  change('translation', 'translation'),
  change('cutout', 'cutout'),
  change('brightness', 'brightness'),
  change('saturation', 'saturation'),
  change('contrast', 'contrast'),
  change('adaptive augmentation', 'adaptive'),
  { words: 'several updates of D', isSet: ({ training }) => training.discriminatorSteps > 1 },
  {
    words: 'the discriminator’s optimiser',
    isSet: ({ optimizers }) => differs(optimizers.discriminator, OptimizerSettings.parse({ kind: 'adam' })),
  },
  {
    words: 'the discriminator’s clipping',
    isSet: ({ clipping }) => differs(clipping.discriminator, ClippingSettings.parse({})),
  },
];

/** What a recipe asks for that its model does not read: kept for the other model, and of no effect. */
export function unusedSettings(recipe: Recipe): string[] {
  return recipe.model.kind === 'vae' ? ofGans.filter(({ isSet }) => isSet(recipe)).map(({ words }) => words) : [];
}

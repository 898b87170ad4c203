import type { VaeFigures } from '#shared/contract/types';
import { OptimizerSettings } from '#shared/recipe/optimizer';
import { networkNames } from '#shared/recipe/model';
import { presetRecipe } from '#shared/recipe/presets';
import type { LayerNode, Recipe } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { initialState } from '../gan/network';
import { compiled } from './compiled/engine';
import { eager } from './eager';
import type { Engine, NetworkState } from './engine';
import { trialBatch } from './trial';

const BATCH = 4;
const options = { provider: 'cpu', threads: 2 } as const;

/** Discs of a colour, a place and a size of their own. */
function discs({ image: { size, channels } }: Recipe): Float32Array {
  return Float32Array.from({ length: BATCH * size * size * channels }, (_, at) => {
    const [channel, pixel] = [at % channels, Math.floor(at / channels)];
    const [column, row] = [pixel % size, Math.floor(pixel / size) % size];
    const picture = Math.floor(pixel / (size * size));
    const inside = Math.hypot(column - (size * (picture + 1)) / 5, row - size / 2) < size / 5;
    return inside && (picture + channel) % 3 !== 0 ? 0.8 : -0.9;
  });
}

/** So many steps on the same pictures: figures of each, and the state after them. */
async function train(engine: Engine, recipe: Recipe, real: Float32Array, steps: number) {
  const session = await engine.trainSession(recipe, BATCH, initialState(recipe, 3), options);
  const figures: VaeFigures[] = [];
  for (let step = 0; step < steps; step++) {
    figures.push((await session.step({ ...trialBatch(recipe, BATCH, step), real })) as VaeFigures);
  }
  const state = await session.readState();
  await session.close();
  return { figures, state };
}

/** The preset's networks with as many layers and a few channels, for TensorFlow.js's JavaScript. */
function narrow(recipe: Recipe): Recipe {
  const channels = 4;
  const narrowed = (node: LayerNode, isLast: boolean): LayerNode => {
    const { filters, units } = node.settings;
    const width = { filters: channels, units: 16 * channels, channels };
    if (node.kind === 'reshape') return { ...node, settings: { ...node.settings, channels: width.channels } };
    if (typeof filters === 'number' && filters > 3) return { ...node, settings: { ...node.settings, filters: width.filters } }; // prettier-ignore
    return typeof units === 'number' && !isLast
      ? { ...node, settings: { ...node.settings, units: width.units } }
      : node;
  };
  const each = (nodes: readonly LayerNode[] = []) => nodes.map((node, at) => narrowed(node, at === nodes.length - 1));
  // Its loss is summed over pixels: see agreement.test.ts on gradients of almost nothing.
  const adam = OptimizerSettings.parse({ kind: 'adam', learningRate: 0.01, epsilon: 0.1 });
  return {
    ...recipe,
    generator: each(recipe.generator),
    encoder: each(recipe.encoder),
    optimizers: { ...recipe.optimizers, generator: adam, encoder: adam },
  };
}

const cases = [
  ['vae-32', 3],
  ['vae-64', 1],
  ['vae-64', 3],
] as const;

describe.each(cases)('%s with %i channels', (preset, channels) => {
  const recipe = presetRecipe(preset, channels);

  it('learns the same few pictures over 30 steps', async () => {
    const { figures } = await train(compiled, recipe, discs(recipe), 30);
    const [first, last] = [figures[0], figures.at(-1)];
    const loss = (one = first) => -(one?.elbo ?? NaN);
    expect(loss(last)).toBeLessThan(0.7 * loss());
    expect(last?.squaredError).toBeLessThan(0.5 * (first?.squaredError ?? 0));
    // Falls all along, not only from a bad start.
    expect(loss(last)).toBeLessThan(loss(figures[15]));
  });

  it('trains the same in both engines', async () => {
    const small = narrow(recipe);
    // Noise, for in plain areas many numbers lie at a ReLU's edge together.
    const { real } = trialBatch(small, BATCH, 0);
    const [fast, slow] = [await train(compiled, small, real, 3), await train(eager, small, real, 3)];
    slow.figures.forEach((expected, step) => {
      for (const [name, value] of Object.entries(expected) as [keyof VaeFigures, number][]) {
        const apart = Math.abs(value - (fast.figures[step]?.[name] ?? NaN)) / Math.max(1, Math.abs(value));
        expect(apart, `${name} of step ${step}`).toBeLessThan(1e-5);
      }
    });
    for (const network of networkNames(small)) {
      const [a, b] = [fast, slow].map(({ state }) => state[network] as NetworkState);
      const worst = a?.weights.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (b?.weights[at] ?? NaN))),
        0,
      );
      expect(worst, network).toBeLessThan(1e-4);
    }
  });
});

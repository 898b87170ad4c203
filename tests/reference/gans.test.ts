import { parseRecipe } from '#shared/recipe/recipe';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { engineFor } from '../../src-main/engine/engines';
import type { GanFigures } from '#shared/contract/types';
import type { NetworkState } from '../../src-main/engine/engine';

interface Fixture {
  readonly torch: string;
  readonly batch: number;
  readonly recipe: unknown;
  readonly steps: readonly GanFigures[];
  readonly arrays: Readonly<Record<string, { readonly offset: number; readonly length: number }>>;
}

/** A GAN's steps in PyTorch, written by make_gans.py. */
function readFixture(name: string) {
  const read = (file: string) => readFileSync(new URL(`./fixtures/${file}`, import.meta.url));
  const fixture = JSON.parse(read(`${name}.json`).toString()) as Fixture;
  const bytes = read(`${name}.bin`);
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const array = (part: string): Float32Array => {
    const place = fixture.arrays[part];
    if (!place) throw new Error(`the fixture has no ${part}`);
    return numbers.slice(place.offset, place.offset + place.length);
  };
  const startOf = (network: (typeof networks)[number]): NetworkState => {
    const weights = array(`${network}.weights.start`);
    return {
      weights,
      running: array(`${network}.running.start`),
      firstMoment: new Float32Array(weights.length),
      secondMoment: new Float32Array(weights.length),
    };
  };
  const start = { generator: startOf('generator'), discriminator: startOf('discriminator'), step: 0 };
  const recipe = parseRecipe(fixture.recipe);
  const conditional = recipe.classes.length > 0;
  return { fixture, array, start, recipe, conditional };
}

const networks = ['generator', 'discriminator'] as const;

const TOLERANCE = 1e-5;

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (b[index] as number))), 0);
}

const cases = ['dcgan', 'residual', 'conditional'].flatMap((name) =>
  (['compiled', 'eager'] as const).map((engine) => [name, engine] as const),
);

describe.each(cases)('the %s GAN in PyTorch and by the %s engine', (name, id) => {
  const { fixture, array, start, recipe, conditional } = readFixture(name);
  const options = { provider: 'cpu', threads: 2 } as const;

  it(`has the same losses, weights, moments and running statistics over ${fixture.steps.length} steps`, async () => {
    const session = await engineFor(id).trainSession(recipe, fixture.batch, start, options);
    const { generator, discriminator } = recipe.optimizers;
    const [z, real] = [array('z'), array('real')];
    const part = (whole: Float32Array, step: number) => {
      const length = whole.length / fixture.steps.length;
      return whole.slice(step * length, (step + 1) * length);
    };
    for (const [step, expected] of fixture.steps.entries()) {
      const result = (await session.step({
        z: part(z, step),
        real: part(real, step),
        ...(conditional && { labels: part(array('labels'), step), fakeLabels: part(array('fakeLabels'), step) }),
        learningRates: { generator: generator.learningRate, discriminator: discriminator.learningRate },
      })) as GanFigures;
      for (const name of ['lossD', 'lossG', 'dReal', 'dFake'] as const) {
        expect(Math.abs(result[name] - expected[name]), `${name} of step ${step}`).toBeLessThan(TOLERANCE);
      }
    }
    const state = await session.readState();
    for (const network of networks) {
      for (const name of ['weights', 'firstMoment', 'secondMoment', 'running'] as const) {
        const difference = largestDifference(
          state[network]?.[name] ?? new Float32Array(0),
          array(`${network}.${name}.end`),
        );
        expect(difference, `${network} ${name}`).toBeLessThan(TOLERANCE);
      }
    }
    await session.close();
  });

  it('samples the same pictures with running statistics', async () => {
    const session = await engineFor(id).generatorSession(recipe, options);
    session.setWeights({
      weights: array('generator.weights.end'),
      running: array('generator.running.end'),
      step: fixture.steps.length,
    });
    const z = array('z').slice(0, fixture.batch * recipe.latent.size);
    const labels = conditional ? array('fakeLabels').slice(0, fixture.batch * recipe.classes.length) : undefined;
    const pictures = await session.generate(z, fixture.batch, labels);
    expect(largestDifference(pictures, array('pictures'))).toBeLessThan(TOLERANCE);
    await session.close();
  });
});

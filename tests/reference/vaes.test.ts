import type { VaeFigures } from '#shared/contract/types';
import { ModelSettings, reconstructionIds } from '#shared/recipe/model';
import { learningRatesAt, parseRecipe } from '#shared/recipe/recipe';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { NetworkState } from '../../src-main/engine/engine';
import { engineFor } from '../../src-main/engine/engines';
import { reconstructions } from '../../src-main/gan/reconstruction';

interface Run {
  readonly model: unknown;
  readonly steps: readonly VaeFigures[];
  readonly arrays: Readonly<Record<string, readonly number[]>>;
}

const fixture = JSON.parse(readFileSync(new URL('./fixtures/vaes.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly batch: number;
  readonly recipe: object;
  readonly runs: readonly Run[];
};

const TOLERANCE = 1e-5;
const options = { provider: 'cpu', threads: 2 } as const;
const networks = ['generator', 'encoder'] as const;

const array = ({ arrays }: Run, name: string) => Float32Array.from(arrays[name] ?? []);

function startOf(run: Run, network: (typeof networks)[number]): NetworkState {
  const weights = array(run, `${network}.weights.start`);
  const moments = { firstMoment: new Float32Array(weights.length), secondMoment: new Float32Array(weights.length) };
  return { weights, ...moments, running: array(run, `${network}.running.start`) };
}

/** Against the largest of the numbers, or 1. */
function expectClose(actual: Float32Array, expected: Float32Array, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  expect(expected.length, what).toBeGreaterThan(0);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - (actual[at] ?? NaN))), 0);
  expect(worst / scale, what).toBeLessThan(TOLERANCE);
}

it('has a run of every likelihood, and each has its file', () => {
  const inFixture = fixture.runs.map(({ model }) => ModelSettings.parse(model));
  const ids = new Set(inFixture.map((model) => model.kind === 'vae' && model.reconstruction));
  expect([...ids].sort()).toEqual([...reconstructionIds].sort());
  expect([...reconstructions.keys()].sort()).toEqual([...reconstructionIds].sort());
});

describe.each(['compiled', 'eager'] as const)(`the %s engine’s VAEs against PyTorch ${fixture.torch}`, (id) => {
  it.each(fixture.runs.map((run) => [JSON.stringify(run.model), run] as const))('%s', async (_name, run) => {
    const recipe = parseRecipe({ ...fixture.recipe, model: ModelSettings.parse(run.model) });
    const start = { generator: startOf(run, 'generator'), encoder: startOf(run, 'encoder'), step: 0 };
    const session = await engineFor(id).trainSession(recipe, fixture.batch, start, options);
    const [z, real] = [array(run, 'z'), array(run, 'real')];
    const part = (whole: Float32Array, step: number) => {
      const length = whole.length / run.steps.length;
      return whole.slice(step * length, (step + 1) * length);
    };
    for (const [step, expected] of run.steps.entries()) {
      const inputs = { z: part(z, step), real: part(real, step), learningRates: learningRatesAt(recipe, 0) };
      const result = (await session.step(inputs)) as VaeFigures;
      for (const [name, value] of Object.entries(expected) as [keyof VaeFigures, number][]) {
        const scale = Math.max(1, Math.abs(value));
        expect(Math.abs(result[name] - value) / scale, `${name} of step ${step}`).toBeLessThan(TOLERANCE);
      }
    }
    const state = await session.readState();
    for (const network of networks) {
      for (const name of ['weights', 'firstMoment', 'running'] as const) {
        const actual = state[network]?.[name] ?? new Float32Array(0);
        expectClose(actual, array(run, `${network}.${name}.end`), `${network} ${name}`);
      }
    }
    const { encoder } = await session.readGenerator();
    await session.close();

    const reader = await engineFor(id).encoderSession(recipe, options);
    reader.setWeights(encoder ?? { weights: new Float32Array(0), running: new Float32Array(0) });
    const { means, logVariances } = await reader.encode(part(real, 0), fixture.batch);
    await reader.close();
    const size = recipe.latent.size;
    const codes = new Float32Array(2 * means.length);
    for (let row = 0; row < fixture.batch; row++) {
      codes.set(means.subarray(row * size, (row + 1) * size), 2 * row * size);
      codes.set(logVariances.subarray(row * size, (row + 1) * size), (2 * row + 1) * size);
    }
    expectClose(codes, array(run, 'codes'), 'codes by running statistics');
  });
});

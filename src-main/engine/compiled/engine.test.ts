import { AdamSettings } from '#shared/recipe/optimizer';
import type { Recipe } from '#shared/recipe/recipe';
import { describe, expect, it } from 'vitest';
import { initialState } from '../../gan/network';
import { eager } from '../eager';
import type { NetworkState, StepResult, TrainSession } from '../engine';
import { trialBatch, trialRecipe } from '../trial';
import { compiled } from './engine';

const options = { provider: 'cpu', threads: 2 } as const;
const batchSize = 4;

/** The trial's networks with DCGAN's own optimiser settings. */
const dcganAdam = AdamSettings.parse({});
const dcgan: Recipe = { ...trialRecipe(), optimizers: { generator: dcganAdam, discriminator: dcganAdam } };

async function stepped(session: TrainSession, from: number, to: number): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (let step = from; step < to; step++) results.push(await session.step(trialBatch(dcgan, batchSize, step)));
  return results;
}

/** Largest absolute difference. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (b[index] as number))), 0);
}

describe('the compiled engine', () => {
  it('agrees with the eager engine in every loss, weight, moment and running statistic over 3 steps', async () => {
    const recipe = dcgan;
    const start = initialState(recipe, 3);
    const sessions: TrainSession[] = [];
    for (const engine of [eager, compiled]) {
      sessions.push(await engine.trainSession(recipe, batchSize, start, options));
    }
    for (let step = 0; step < 3; step++) {
      const inputs = trialBatch(recipe, batchSize, step);
      const [slow, fast] = await Promise.all(sessions.map((session) => session.step(inputs)));
      for (const [name, value] of Object.entries(slow ?? {}) as [keyof typeof slow, number][]) {
        expect(Math.abs(value - (fast?.[name] ?? NaN)), name).toBeLessThan(1e-5);
      }
    }
    const [slow, fast] = await Promise.all(sessions.map((session) => session.readState()));
    for (const network of ['generator', 'discriminator'] as const) {
      for (const part of ['weights', 'firstMoment', 'secondMoment', 'running'] as const) {
        const [a, b] = [slow, fast].map((state) => (state?.[network] as NetworkState)[part]);
        expect(difference(a as Float32Array, b as Float32Array), `${network} ${part}`).toBeLessThan(1e-5);
      }
    }
    await Promise.all(sessions.map((session) => session.close()));
  });

  it('gives the same bits for the same seed, in two sessions at once', async () => {
    const sessions = await Promise.all(
      [1, 1].map((seed) => compiled.trainSession(dcgan, batchSize, initialState(dcgan, seed), options)),
    );
    const [a, b] = await Promise.all(
      sessions.map(async (session) => ({ reports: await stepped(session, 0, 4), state: await session.readState() })),
    );
    expect(a).toEqual(b);
    await Promise.all(sessions.map((session) => session.close()));
  });

  it('tries forms at the first start alone: the next ones are written in what was found', async () => {
    const known = new Map<string, string>();
    const forms = {
      read: () => Promise.resolve(known),
      write: (_: string, used: ReadonlyMap<string, string>) => {
        for (const [problem, form] of used) known.set(problem, form);
        return Promise.resolve();
      },
    };
    const phasesOfStart = async () => {
      const phases = new Set<string>();
      const onPhase = (phase: string) => void phases.add(phase);
      const session = await compiled.trainSession(dcgan, batchSize, initialState(dcgan, 3), { ...options, forms }, onPhase); // prettier-ignore
      await session.close();
      return [...phases];
    };
    const first = await phasesOfStart();
    const found = new Map(known);
    expect(found.size).toBeGreaterThan(0);
    expect(await phasesOfStart()).toEqual(first.filter((phase) => !phase.startsWith('Trying')));
    expect(first.some((phase) => phase.startsWith('Trying'))).toBe(true);
    expect(known).toEqual(found);
  });

  it('goes on from a read state as if it had never stopped', async () => {
    const whole = await compiled.trainSession(dcgan, batchSize, initialState(dcgan, 5), options);
    await stepped(whole, 0, 2);
    const midway = await whole.readState();
    const lastOfWhole = await stepped(whole, 2, 5);
    const resumed = await compiled.trainSession(dcgan, batchSize, midway, options);
    expect(await stepped(resumed, 2, 5)).toEqual(lastOfWhole);
    expect(await resumed.readState()).toEqual(await whole.readState());
    expect((await resumed.readGenerator()).step).toBe(5);
    await Promise.all([whole.close(), resumed.close()]);
  });

  it.each([eager, compiled])('hands out the average and the generator beside it ($id)', async (engine) => {
    const averaging = { ...dcgan, training: { ...dcgan.training, emaHalfLife: 50 } };
    for (const recipe of [averaging, dcgan]) {
      const session = await engine.trainSession(recipe, batchSize, initialState(recipe, 5), options);
      await stepped(session, 0, 2);
      const { generator, ema } = await session.readState();
      const { newest, ...average } = await session.readGenerator();
      const plain = { weights: generator.weights, running: generator.running };
      expect(average).toEqual({ ...(ema ?? plain), step: 2 });
      expect(newest).toEqual(ema && plain);
      expect(ema === undefined).toBe(recipe === dcgan);
      await session.close();
    }
  });

  it('leaves the state it was given, and hands out copies', async () => {
    const start = initialState(dcgan, 6);
    const kept = structuredClone(start);
    const session = await compiled.trainSession(dcgan, batchSize, start, options);
    const before = await session.readGenerator();
    const copy = structuredClone(before);
    await stepped(session, 0, 2);
    expect(start).toEqual(kept);
    expect(before).toEqual(copy);
    await session.close();
  });

  it('refuses a batch of another size, and the state is as before', async () => {
    const session = await compiled.trainSession(dcgan, batchSize, initialState(dcgan, 7), options);
    const before = await session.readState();
    await expect(session.step(trialBatch(dcgan, batchSize + 1, 0))).rejects.toThrow();
    expect(await session.readState()).toEqual(before);
    await stepped(session, 0, 1);
    await session.close();
  });

  it('closes after the steps that were asked for, and takes none behind', async () => {
    const session = await compiled.trainSession(dcgan, batchSize, initialState(dcgan, 8), options);
    const inFlight = stepped(session, 0, 1);
    const closing = session.close();
    await expect(inFlight).resolves.toHaveLength(1);
    await closing;
    await expect(stepped(session, 1, 2)).rejects.toMatchObject({ code: 'engine.unavailable' });
    await session.close();
  });

  it('says which provider is not there', async () => {
    const start = initialState(dcgan, 9);
    const missing = compiled.trainSession(dcgan, batchSize, start, { provider: 'coreml', threads: 1 });
    if (process.platform === 'darwin') return void (await (await missing).close());
    await expect(missing).rejects.toMatchObject({
      code: 'engine.unavailable',
      facts: { engine: 'compiled', provider: 'coreml' },
    });
  });

  it('trains networks without batch norm, whose running statistics are empty', async () => {
    const without = (layers: Recipe['generator']) => layers.filter(({ kind }) => kind !== 'batchNorm');
    const plain = { ...dcgan, generator: without(dcgan.generator), discriminator: without(dcgan.discriminator) };
    const session = await compiled.trainSession(plain, batchSize, initialState(plain, 1), options);
    const figures = await session.step(trialBatch(plain, batchSize, 0));
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
    const { generator } = await session.readState();
    expect(generator.running).toHaveLength(0);
    await session.close();
    const sampler = await compiled.generatorSession(plain, options);
    sampler.setWeights({ ...generator, step: 1 });
    expect(await sampler.generate(new Float32Array(plain.latent.size), 1)).toHaveLength(16 * 16 * 3);
    await sampler.close();
  });
});

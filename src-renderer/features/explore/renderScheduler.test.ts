import { describe, expect, it } from 'vitest';
import type { Rendering } from '#shared/contract/types';
import type { LatentPoint } from '#shared/math/latent';
import { RenderScheduler } from './renderScheduler';

const at = (t: number): LatentPoint[] => [{ kind: 'between', from: 1, to: 2, t, mode: 'slerp' }];
const placeOf = (points: readonly LatentPoint[]) => (points[0]?.kind === 'between' ? points[0].t : undefined);

/** A generator whose answers come when the test says so. */
function setUp() {
  const asked: { t: number | undefined; answer: () => Promise<void>; refuse: (error: Error) => Promise<void> }[] = [];
  const shown: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  const scheduler = new RenderScheduler((points) => {
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    return new Promise<Rendering>((resolve, reject) => {
      const pictures = { count: 1, width: 1, height: 1, channels: 1 as const, pixels: new Uint8Array(1) };
      const settle = async (how: () => void) => {
        inFlight--;
        how();
        // Two turns of the microtask queue: the scheduler's `then` and its `await`.
        await Promise.resolve();
        await Promise.resolve();
      };
      asked.push({
        t: placeOf(points),
        answer: () => settle(() => resolve({ step: 1, pictures })),
        refuse: (error) => settle(() => reject(error)),
      });
    });
  });
  const surface = (name: string) => ({
    show: (_: Rendering, points: readonly LatentPoint[]) => void shown.push(`${name} ${placeOf(points)}`),
    fail: (error: unknown) => void shown.push(`${name} failed: ${(error as Error).message}`),
  });
  const ask = (name: string, t: number) => scheduler.request(name, at(t), surface(name));
  return { scheduler, asked, shown, ask, mostInFlight: () => mostInFlight };
}

describe('RenderScheduler', () => {
  it('draws the first request at once', async () => {
    const { asked, shown, ask } = setUp();
    ask('large', 0.1);
    expect(asked).toHaveLength(1);
    await asked[0]?.answer();
    expect(shown).toEqual(['large 0.1']);
  });

  it('drops what a newer request replaced, and never has two in flight', async () => {
    const { asked, shown, ask, mostInFlight } = setUp();
    for (let index = 0; index <= 100; index++) ask('large', index / 100);
    expect(asked).toHaveLength(1);
    await asked[0]?.answer();
    expect(asked.map(({ t }) => t)).toEqual([0, 1]);
    await asked[1]?.answer();
    expect(shown).toEqual(['large 0', 'large 1']);
    expect(mostInFlight()).toBe(1);
  });

  it('keeps a dragged slider from starving the other surfaces', async () => {
    const { asked, shown, ask } = setUp();
    ask('large', 0);
    ask('strip', 0.5);
    for (let turn = 0; turn < 4; turn++) {
      ask('large', (turn + 1) / 10);
      await asked[turn]?.answer();
    }
    expect(shown).toEqual(['large 0', 'strip 0.5', 'large 0.2', 'large 0.3']);
  });

  it('tells a failure and goes on with the next request', async () => {
    const { asked, shown, ask } = setUp();
    ask('large', 0);
    ask('large', 1);
    await asked[0]?.refuse(new Error('worker lost'));
    await asked[1]?.answer();
    expect(shown).toEqual(['large failed: worker lost', 'large 1']);
  });

  it('tells a dropped surface nothing, not even what was in flight, and serves the others', async () => {
    const { scheduler, asked, shown, ask } = setUp();
    ask('large', 0);
    ask('strip', 0.5);
    scheduler.drop('large');
    await asked[0]?.answer();
    await asked[1]?.answer();
    expect(shown).toEqual(['strip 0.5']);
  });

  it('is silent once closed', async () => {
    const { scheduler, asked, shown, ask } = setUp();
    ask('large', 0);
    ask('strip', 0.5);
    scheduler.close();
    await asked[0]?.answer();
    expect(asked).toHaveLength(1);
    expect(shown).toEqual([]);
  });

  it('asks nothing for no points', () => {
    const { scheduler, asked } = setUp();
    scheduler.request('strip', [], { show: () => undefined, fail: () => undefined });
    expect(asked).toHaveLength(0);
  });
});

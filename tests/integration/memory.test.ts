import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../bench/memory.mjs', import.meta.url));

/** Processes of their own, that train for ten steps; large enough that what the garbage collector does counts little. */
it('estimates what training takes, within 20 % of what a process is seen to take', async () => {
  const cases = ['studio-64/16', 'dcgan-32/64', 'studio-64/64x4', 'studio-32/64+gp', 'vae-64/64'];
  const { stdout } = await promisify(execFile)(process.execPath, [bench, ...cases]);
  const rows = stdout.split('\n').filter((line) => line.includes('MB'));
  expect(rows).toHaveLength(cases.length);
  for (const row of rows) {
    const [measured = NaN, estimated = NaN] = [...row.matchAll(/(\d+) MB/g)].map(([, number]) => Number(number));
    expect(measured, row).toBeGreaterThan(50);
    expect(Math.abs(estimated / measured - 1), row).toBeLessThan(0.2);
  }
}, 300_000);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { uniform } from '#shared/math/random';
import { loadNewestCheckpoint } from './checkpoints';
import { bundle } from './testing/bundle';
import { temporaryFolder } from './testing/temporaryFolder';

const KILLS = 12;
let program: URL;
beforeAll(async () => {
  program = await bundle('src-main/store/testing/saveForever.ts', 'crash');
});

/** Lets the child save until a moment after its first report, kills it, and returns the last step that it reported as saved. */
async function saveAndKill(run: string, first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(program), run, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}

test(`killed at ${KILLS} random moments, a run always has a whole checkpoint: the last that was reported, or the next`, async () => {
  const run = await temporaryFolder();
  let next = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const reported = await saveAndKill(run, next, 60 * uniform(1, 1, kill));
    const { checkpoint, setAside } = await loadNewestCheckpoint(run);
    expect(setAside).toEqual([]);
    const step = checkpoint?.state.step ?? -1;
    expect([reported, reported + 1]).toContain(step);
    for (const network of [checkpoint?.state.generator, checkpoint?.state.discriminator]) {
      for (const vector of [network?.weights, network?.firstMoment, network?.secondMoment, network?.running]) {
        expect(vector?.every((value) => value === step)).toBe(true);
      }
    }
    next = step + 1;
  }
});

/**
 * What a million random numbers cost the host, which draws those of dropout, noise and augmentation for both engines:
 * `node tests/bench/random.mjs`. A line of JSON for each distribution: the least of several rounds, milliseconds a million.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const ROUNDS = 20;
const NUMBERS = 1_000_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = join(root, 'tests/artifacts/random');
mkdirSync(outDir, { recursive: true });
await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: 'src-shared/math/random.ts',
    target: 'node20',
    outDir,
    rollupOptions: { output: { entryFileNames: 'random.mjs' } },
  },
});
const { fillRandom } = await import(pathToFileURL(join(outDir, 'random.mjs')).href);

const target = new Float32Array(NUMBERS);
for (const distribution of ['uniform', 'normal']) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    fillRandom(target, distribution, 1, 6, round * NUMBERS);
    times.push(performance.now() - began);
  }
  console.log(JSON.stringify({ distribution, numbers: NUMBERS, ms: Number(Math.min(...times).toFixed(2)) }));
}

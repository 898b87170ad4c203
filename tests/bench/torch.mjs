// PyTorch's side of the benchmarks as a process, what it is told, and Ganvas's side built.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Ganvas's side, built by a process of its own: Vite's heap in this one would make each garbage collection part of the measured steps. */
export async function buildEntry() {
  const outDir = join(root, 'tests/artifacts/bench');
  const builder = spawn(process.execPath, [join(root, 'tests/bench/build.mjs'), outDir], { stdio: 'inherit' });
  const [code] = await once(builder, 'exit');
  if (code !== 0) throw new Error('the benchmark could not be built');
  return import(pathToFileURL(join(outDir, 'entry.mjs')).href);
}

/** PyTorch's process: one JSON line in, one out. Ended by `close`. */
export async function startPeer(python, folder, threads) {
  const script = fileURLToPath(new URL('./peer.py', import.meta.url));
  const child = spawn(python, [script, folder, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch’s process ended; its message stands above.');
    return JSON.parse(value);
  };
  const hello = await answer();
  return {
    version: `PyTorch ${hello.torch}`,
    ask: (command) => {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}

/** What peer.py reads: the recipe, the networks' state, latents and pictures. */
export function writeCase(folder, ganvas, recipe, batch, state, batches) {
  const file = (name, ...arrays) => writeFileSync(join(folder, name), Buffer.concat(arrays.map((a) => Buffer.from(a.buffer)))); // prettier-ignore
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'case.json'),
    JSON.stringify({ recipe: ganvas.torchRecipe(recipe), batch, emaKept: batches[0].emaKept }),
  );
  for (const network of ['generator', 'discriminator']) {
    file(`${network}.weights`, state[network].weights);
    file(`${network}.running`, state[network].running);
  }
  file('z', ...batches.map(({ z }) => z));
  file('real', ...batches.map(({ real }) => real));
  if (batches[0].changes?.translation) file('shifts', ...batches.map(({ changes }) => changes.translation));
}

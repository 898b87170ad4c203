/**
 * Picture quality of what an import proposes: a folder of pictures is imported, trained on and drawn from by the command line, as a user would; then a program of your own scores the PNGs.
 * `npm run bench:quality -- --pictures FOLDER --seen N --seed N --count N [--score 'python score.py mnist']`; the scorer is given the folder of PNGs as its last argument.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    pictures: { type: 'string' },
    seen: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '2000' },
    score: { type: 'string' },
  },
});
if (options.pictures === undefined) {
  console.error('--pictures FOLDER is missing: the pictures to train on.');
  process.exit(1);
}

const work = mkdtempSync(join(tmpdir(), 'ganvas-quality-'));
const project = join(work, 'project');
const drawn = join(work, 'drawn');

function run(command, args) {
  const ended = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, GANVAS_HOME: join(work, 'home') },
  });
  if (ended.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${ended.error ?? ended.stderr}`);
  return ended.stdout;
}
const program = fileURLToPath(new URL('../../src-main/hosts/launch/ganvas.mjs', import.meta.url));
const ganvas = (...args) => run(process.execPath, ['--single-threaded-gc', program, ...args]);

try {
  ganvas('new', project);
  ganvas('import', project, resolve(options.pictures));
  const { preset, training } = JSON.parse(ganvas('recipe', project, 'get', '--json')).value;
  // The learning rate falls over the recipe's own steps: they, not an early end, are what is asked for.
  ganvas('recipe', project, 'set', 'training.steps', String(Math.floor(Number(options.seen) / training.batchSize)));
  const began = performance.now();
  ganvas('train', project, '--seed', options.seed);
  const seconds = Math.round((performance.now() - began) / 1000);
  ganvas('sample', project, '--count', options.count, '--seed', '1', '--out-dir', drawn);
  console.log(`${preset}, ${options.seen} pictures seen, seed ${options.seed}: ${seconds} s`);
  if (options.score) console.log(run('sh', ['-c', `${options.score} "$0"`, drawn]).trim());
} finally {
  rmSync(work, { recursive: true, force: true });
}

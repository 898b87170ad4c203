/**
 * Picture quality of what an import proposes: a folder of pictures is imported, trained on and drawn from by the command line, as a user would; then a program of your own scores the PNGs.
 * `npm run bench:quality -- --pictures FOLDER --seen N --seed N --count N --draws N [--score 'python score.py mnist']`; the scorer is given the folder of PNGs as its last argument.
 * It is asked for several draws from the same generator: of a few hundred pictures, one draw's Fréchet distance differs from another's by a tenth. Of the numbers of its JSON
 * the mean and the standard deviation are printed.
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
    draws: { type: 'string', default: '8' },
    score: { type: 'string' },
  },
});
if (options.pictures === undefined) {
  console.error('--pictures FOLDER is missing: the pictures to train on.');
  process.exit(1);
}

const work = mkdtempSync(join(tmpdir(), 'ganvas-quality-'));
const project = join(work, 'project');
const count = Number(options.count);

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
  console.log(`${preset}, ${options.seen} pictures seen, seed ${options.seed}: ${seconds} s`);
  if (options.score) console.log(`  mean, deviation, least and most of ${options.draws} draws of ${count}:`);
  if (options.score) printScores(Array.from({ length: Number(options.draws) }, (_, draw) => scoreOf(draw)));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** What the scorer prints of one draw. A picture's own seed is that of the first one and its place: draws have none in common. */
function scoreOf(draw) {
  const drawn = join(work, `drawn-${draw}`);
  ganvas('sample', project, '--count', options.count, '--seed', String(1 + draw * count), '--out-dir', drawn);
  const said = run('sh', ['-c', `${options.score} "$0"`, drawn]);
  try {
    return JSON.parse(said);
  } catch {
    console.log(said.trim());
    return {};
  }
}

function printScores(scores) {
  for (const name of Object.keys(scores[0] ?? {})) {
    const values = scores.map((score) => Number(score[name]));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    console.log(`  ${name}: ${[mean, deviation, least, most].map((value) => value.toFixed(3)).join(', ')}`);
  }
}

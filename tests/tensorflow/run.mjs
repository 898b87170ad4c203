// `npm run test:tensorflow`: puts TensorFlow's library where `ganvas engines add` puts it, by that very command, and proves the eager engine on it.
// The folder is kept between runs. Where the library cannot be fetched, that is said and nothing is proved.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = process.env.GANVAS_TENSORFLOW_HOME ?? join(tmpdir(), 'ganvas-tensorflow');
const ENGINE = 'tfjs-node';
mkdirSync(home, { recursive: true });

/** Runs a program to its end: its exit code and what it said; what it tells on stderr is passed on. */
function run(command, args, env = {}, stdout = 'pipe') {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', stdout, 'pipe'],
    });
    const said = { out: '', error: '' };
    child.stdout?.setEncoding('utf8').on('data', (text) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said.error += text;
      process.stderr.write(text);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

const ganvas = (...args) =>
  run(process.execPath, [join(root, 'src-main/hosts/launch/ganvas.mjs'), ...args], { GANVAS_HOME: home });

async function isReady() {
  const { out } = await ganvas('engines', '--json');
  return JSON.parse(out).engines.some(({ id, state }) => id === ENGINE && state === 'ready');
}

/** Why TensorFlow is not there, when that is the machine's doing and not Ganvas's; undefined when it is there. */
async function obstacle() {
  if (await isReady()) return undefined;
  const { code, error } = await ganvas('engines', 'add', ENGINE, '--yes');
  if (code === 0) return undefined;
  if (/is not built by Ganvas on this machine|failed: \S*(npm|python3?) /.test(error)) return error.split('\n')[0];
  throw new Error('the binding could not be built; the reason stands above');
}

const why = await obstacle();
if (why) {
  console.log(`SKIPPED: the eager engine on TensorFlow (${why})`);
} else {
  const config = ['--config', 'tests/config/vitest.tensorflow.config.ts'];
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...config, ...process.argv.slice(2)];
  const env = { GANVAS_ENGINES: join(home, 'engines'), TF_CPP_MIN_LOG_LEVEL: '2' };
  process.exitCode = (await run(process.execPath, vitest, env, 'inherit')).code ?? 1;
}

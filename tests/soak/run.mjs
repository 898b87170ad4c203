// `npm run test:soak`: the long form of the soak tests, some minutes on two cores.
import { spawn } from 'node:child_process';
import { ensureBuilt, root } from '../../src-main/hosts/launch/build.mjs';

await ensureBuilt();
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/config/vitest.config.ts', 'tests/soak'];
const child = spawn(process.execPath, vitest, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, GANVAS_SOAK: 'whole' },
});
child.on('exit', (code) => (process.exitCode = code ?? 1));

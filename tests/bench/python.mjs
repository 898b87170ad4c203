import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A Python that can do `imports`: GANVAS_PYTHON, the project's .venv, or the system's. */
export async function findPython(imports) {
  const candidates = [
    process.env.GANVAS_PYTHON,
    join(root, '.venv/bin/python'),
    join(root, '.venv/Scripts/python.exe'),
    'python3',
    'python',
  ];
  for (const python of candidates) {
    if (!python || (python.includes('.venv') && !existsSync(python))) continue;
    const code = await new Promise((resolve) => {
      const probe = spawn(python, ['-c', imports], { stdio: 'ignore' });
      probe.on('error', () => resolve(-1)).on('exit', resolve);
    });
    if (code === 0) return python;
  }
  return undefined;
}

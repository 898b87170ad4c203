import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BINDING } from '../engine/nativePackages';
import { runPlanned } from './engineTools';
import { createStudio, type Studio } from './studio';

let home: string;
let studio: Studio;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ganvas-'));
  studio = createStudio({ home, host: 'cli', version: '0' });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await studio.close();
  await rm(home, { recursive: true });
});

const engine = 'tfjs-node';
const list = () => studio.call('engines.list', {}, 'client');

/** What npm leaves of the package, with or without its binding. */
async function install({ built }: { readonly built: boolean }): Promise<string> {
  const folder = join(home, 'engines', engine, 'node_modules/@tensorflow', engine);
  await mkdir(join(folder, BINDING, '..'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version: '4.22.0' }));
  if (built) await writeFile(join(folder, BINDING), '');
  return folder;
}

describe('the list of native engines', () => {
  it('says of each what it computes on and how it is added, where nothing is installed', async () => {
    const { engines, used } = await list();
    expect(used).toBeUndefined();
    expect(engines).toMatchObject([
      { id: 'tfjs-node-gpu', state: 'absent', command: 'ganvas engines add tfjs-node-gpu' },
      { id: 'tfjs-node', state: 'absent', computesOn: 'CPU' },
    ]);
  });

  it('tells an engine that is ready from one whose binding was not built, and removes it', async () => {
    const folder = await install({ built: false });
    expect((await list()).engines[1]).toMatchObject({ state: 'incomplete', folder, version: '4.22.0' });
    await install({ built: true });
    expect(await list()).toMatchObject({ used: engine, engines: [{}, { state: 'ready' }] });
    const { used } = await studio.call('engines.remove', { engine }, 'host');
    expect(used).toBeUndefined();
    expect(await readdir(join(home, 'engines'))).toEqual([]);
  });

  it('adds over nothing and removes nothing that is not there', async () => {
    await expect(studio.call('engines.remove', { engine }, 'host')).rejects.toMatchObject({ code: 'engines.absent' });
    await install({ built: false });
    await expect(studio.call('engines.add', { engine }, 'host')).rejects.toMatchObject({ code: 'engines.present' });
  });
});

describe('a command of the plan', () => {
  const run = (script: string, signal = new AbortController().signal) =>
    runPlanned(engine, { title: '', program: process.execPath, args: ['-e', script] }, home, signal);

  it('that fails is named with its last words', async () => {
    await expect(run('console.error("one\\ntwo\\nno such wheel"); process.exit(3)')).rejects.toMatchObject({
      code: 'engines.failed',
      facts: { engine, problem: 'one two no such wheel', command: expect.stringContaining(process.execPath) },
    });
    await expect(run('process.exit(3)')).rejects.toMatchObject({ facts: { problem: 'it ended with 3' } });
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    const running = run('setInterval(() => 0, 1000)', controller.signal);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'engines.failed' });
  });
});

/** Stand-ins for the tools, each a shell script; the plan of other systems runs none. */
describe.skipIf(process.platform !== 'linux')('adding (on Linux, where engines are built)', () => {
  const npm = (then: string) =>
    `case "$1" in --version) echo 10;; *) mkdir -p node_modules/@tensorflow/${engine}; ${then};; esac`;
  const python = 'case "$3" in --version) echo pip;; *) mkdir -p python/tensorflow/include python/numpy;; esac';

  const compiler = 'case "$1" in --version) echo c++;; *) for last; do :; done; echo nonsense > "$last";; esac';

  async function tools(scripts: Readonly<Record<string, string>>): Promise<void> {
    const folder = join(home, 'bin');
    await mkdir(folder);
    for (const [name, script] of Object.entries(scripts)) {
      await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    vi.stubEnv('GANVAS_PYTHON', undefined);
    vi.stubEnv('CXX', undefined);
  }

  it('leaves nothing behind when the binding that was built does not load', async () => {
    await tools({ npm: npm('true'), python3: python, 'c++': compiler });
    const plan = await studio.call('engines.plan', { engine }, 'host');
    expect(plan).toMatchObject({ folder: join(home, 'engines', engine), downloadGb: 0.3 });
    expect(plan.obstacle).toBeUndefined();
    await expect(studio.call('engines.add', { engine }, 'host')).rejects.toMatchObject({
      code: 'engines.failed',
      facts: { command: expect.stringContaining('TF_Version') },
    });
    expect(await readdir(join(home, 'engines'))).toEqual([]);
  });

  it('leaves nothing behind when it is cancelled', async () => {
    await tools({ npm: npm('exec sleep 600'), python3: python, 'c++': 'true' });
    const jobId = randomUUID();
    const begun = new Promise<void>((resolve) => {
      studio.onEvent(({ event }) => {
        if (event === 'job.progress') resolve();
      });
    });
    const adding = studio.call('engines.add', { engine, jobId }, 'host');
    const refused = expect(adding).rejects.toMatchObject({ code: 'job.cancelled' });
    await begun;
    await studio.call('jobs.cancel', { jobId }, 'client');
    await refused;
    expect(await readdir(join(home, 'engines'))).toEqual([]);
  });
});

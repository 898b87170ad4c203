import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

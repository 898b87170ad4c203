import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, root } from '../../../src-main/hosts/launch/build.mjs';
import { call, describeAreas, newestCheckpoint } from './areas';
import { DesktopProgram } from './program';

/**
 * The BUILT main and preload bundles, run by Node with a test double of the `electron` module that shows the window in a
 * real Chromium page (./double). What it cannot prove (Electron's own sandbox, its contextBridge, its dialogs) is for
 * realElectron.test.ts, which runs where Electron's binary is.
 */
const PAGE = 'app://ganvas/';
/** An id that nothing has. */
const NOBODY = '0b9d5b0e-3c52-4a0e-8d0e-2f4a5f1d9a10';
let folder: string;
let program: DesktopProgram;

beforeAll(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ganvas-desktop-'));
  await writePictures(join(folder, 'pictures'), 24);
  program = await DesktopProgram.start(join(folder, 'home'));
  await program.ask('ready');
});
afterAll(async () => {
  program.kill();
  await rm(folder, { recursive: true, force: true });
});

async function writePictures(into: string, count: number): Promise<void> {
  await mkdir(into, { recursive: true });
  for (let picture = 0; picture < count; picture++) {
    const background = { r: (picture * 37) % 256, g: (picture * 91) % 256, b: 128 };
    await sharp({ create: { width: 40, height: 40, channels: 3, background } }).toFile(join(into, `${picture}.png`));
  }
}

const evaluate = <T>(expression: string): Promise<T> => program.evaluate<T>(expression);

describe('the window', () => {
  test('is confined by its options', async () => {
    const { webPreferences } = await program.ask<{ webPreferences: object }>('windowOptions');
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(Object.keys(webPreferences)).not.toContain('additionalArguments');
  });

  test('shows the studio, from a scheme that is standard and secure', async () => {
    expect(await program.evaluate('document.title')).toBe('Ganvas');
    await expect.poll(() => program.evaluate<string>('document.body.innerText')).not.toBe('');
    const { schemes } = await program.ask<{ schemes: object[] }>('seen');
    expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
  });

  test('is filled with the page’s own background before the page is drawn', async () => {
    const { backgroundColor } = await program.ask<{ backgroundColor: string }>('windowOptions');
    const painted = await program.evaluate<string>(
      `getComputedStyle(document.documentElement).getPropertyValue('--bg')`,
    );
    expect(['#121314', '#ececeb']).toContain(painted.trim());
    expect(backgroundColor).toBe('#121314');
  });

  test('gives the page the bridge and nothing of Node', async () => {
    const globals = await program.evaluate(
      `['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter((name) => name in window)`,
    );
    expect(globals).toEqual([]);
    expect(await program.evaluate('Object.keys(window.ganvas).sort()')).toEqual([
      'call',
      'chooseFolder',
      'host',
      'offerDropped',
      'onEvent',
      'openProject',
      'openUpload',
      'saveExport',
      'uploadFile',
    ]);
  });

  test('has a preload that is the bridge alone, without the contract’s schemas', async () => {
    const preload = await readFile(join(root, 'out/preload/preload.cjs'), 'utf8');
    expect(preload.length).toBeLessThan(4096);
    expect([...preload.matchAll(/require\(([^)]*)\)/g)].map(([, name]) => name)).toEqual(['"electron"']);
  });

  test('lets no script in that is not the page’s own', async () => {
    const blocked = await program.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true });
      const script = document.createElement('script');
      try { script.textContent = 'window.injected = true'; } catch (error) { resolve(error.name); }
      document.head.append(script);
    })`);
    // Either the policy's word for inline scripts, or Trusted Types' before it.
    expect(['script-src-elem', 'require-trusted-types-for', 'TypeError']).toContain(blocked);
    expect(await program.evaluate('window.injected')).toBeUndefined();
    const markup = await program.evaluate(
      `(() => { try { document.createElement('div').innerHTML = '<b>'; return 'taken'; } catch (error) { return error.name; } })()`,
    );
    expect(markup).toBe('TypeError');
    // In a task of its own: what a debugger evaluates may evaluate.
    const evaluated = await program.evaluate(
      `new Promise((resolve) => setTimeout(() => {
        try { resolve(new Function('return 1')()); } catch (error) { resolve(error.name); }
      }))`,
    );
    expect(evaluated).toBe('EvalError');
  });
});

describeAreas(evaluate);

describe('what only the desktop has', () => {
  interface Project {
    readonly summary: { readonly id: string; readonly path: string };
  }
  let project: Project['summary'];
  beforeAll(async () => {
    project = (await call<Project>(evaluate, 'projects.create', { name: 'Cats', preset: 'dcgan-32' })).summary;
  });

  test('a drop offers the dropped folder by its path, which the page never sees', async () => {
    await program.ask('drop', 'pictures', join(folder, 'pictures'));
    const offered = await program.evaluate<{ result: { sourceId: string } }>(
      `window.ganvas.offerDropped([new File([], 'pictures'), new File([], 'made by a script')])`,
    );
    expect(JSON.stringify(offered)).not.toContain(folder);
    const { dataset } = await call<{ dataset: object }>(evaluate, 'datasets.import', {
      projectId: project.id,
      source: { kind: 'offered', sourceId: offered.result.sourceId },
      size: 32,
      channels: 3,
    });
    expect(dataset).toMatchObject({ images: 24, size: 32, channels: 3, skippedCount: 0 });
  });

  test('what the page made is imported with what was dropped, and kept beside the pack', async () => {
    const { id: projectId, path } = (
      await call<Project>(evaluate, 'projects.create', { name: 'Frames', preset: 'dcgan-32' })
    ).summary;
    await program.ask('drop', 'one.png', join(folder, 'pictures/0.png'));
    const made = await readFile(join(folder, 'pictures/1.png'));
    const offered = await program.evaluate<{ result: { sourceId: string } }>(`(async () => {
      const { result } = await window.ganvas.openUpload();
      const bytes = new Uint8Array(${JSON.stringify([...made])});
      await window.ganvas.uploadFile(result.sourceId, 'clip-000000.png', bytes);
      return window.ganvas.offerDropped([new File([], 'one.png')], result.sourceId);
    })()`);
    const { dataset } = await call<{ dataset: object }>(evaluate, 'datasets.import', {
      projectId,
      source: { kind: 'offered', sourceId: offered.result.sourceId },
      size: 32,
      channels: 3,
    });
    expect(dataset).toMatchObject({ images: 2, skippedCount: 0 });
    const originals = await readdir(join(path, 'dataset/originals'), { recursive: true });
    expect(originals.map((name) => basename(name))).toContain('clip-000000.png');
    expect(originals.map((name) => basename(name))).not.toContain('one.png');
    expect(await readdir(join(folder, 'home/uploads'))).toEqual([]);
  });

  test('an export is saved where the dialog says, under the studio’s name', async () => {
    const [{ id: projectId } = { id: '' }] = await call<{ id: string; step: number; name: string }[]>(
      evaluate,
      'projects.recent',
      {},
    ).then((recent) => recent.filter(({ name }) => name === '<b>Emoji</b>'));
    const params = { projectId, point: { kind: 'seed', seed: 1 } };
    const { exportId, fileName } = await call<{ exportId: string; fileName: string }>(
      evaluate,
      'export.picture',
      params,
    );
    const path = join(folder, 'saved.png');
    await program.ask('answerDialog', 'save', path);
    expect(await program.evaluate(`window.ganvas.saveExport('${exportId}')`)).toEqual({ ok: true, result: { path } });
    expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
    const { dialogs } = await program.ask<{ dialogs: object[] }>('seen');
    expect(dialogs).toEqual([{ defaultPath: fileName }]);
    // A closed dialog is no error.
    expect(await program.evaluate(`window.ganvas.saveExport('${exportId}')`)).toEqual({ ok: true });
  });

  test('its dialogs open a project and offer folders', async () => {
    await program.ask('answerDialog', 'open', [project.path]);
    const opened = await program.evaluate('window.ganvas.openProject()');
    expect(opened).toMatchObject({ result: { summary: { id: project.id } } });
    await program.ask('answerDialog', 'open', [join(folder, 'pictures')]);
    const offered = await program.evaluate('window.ganvas.chooseFolder()');
    expect(offered).toMatchObject({ result: { sourceId: expect.any(String) } });
    expect(await program.evaluate('window.ganvas.chooseFolder()')).toEqual({ ok: true });
  });
});

describe('refused', () => {
  test.each([
    ['a foreign page in our window', { url: 'https://evil.example/' }],
    ['a child frame', { url: PAGE, child: true }],
    ['another window', { url: PAGE, otherWindow: true }],
    ['a frame that is gone', { url: null }],
  ])('a message of %s', async (_name, frame) => {
    const channels = ['call', 'offer-dropped', 'open-upload', 'upload-file', 'save-export', 'open-project'];
    for (const channel of channels.map((name) => `ganvas:${name}`)) {
      const outcome = await program.ask('invokeAs', frame, channel, ['app.info', {}]);
      expect(outcome).toMatchObject({ ok: false, error: { code: 'call.not-allowed' } });
    }
  });

  test.each([
    ['a host-only row', `window.ganvas.call('datasets.offer', { paths: ['/etc'] })`, 'call.not-allowed'],
    ['no row', `window.ganvas.call('__proto__', {})`, 'call.unknown'],
    ['wrong parameters', `window.ganvas.call('projects.open', { projectId: '../..' })`, 'call.invalid'],
    ['a huge message', `window.ganvas.call('app.info', { padding: 'x'.repeat(5 * 1024 * 1024) })`, 'call.too-large'],
    ['a file for no upload', `window.ganvas.uploadFile('${NOBODY}', 'a.png', new Uint8Array(1))`, 'upload.unknown'],
    ['an upload of no id', `window.ganvas.uploadFile('../..', 'a.png', new Uint8Array(1))`, 'call.invalid'],
    ['a drop with no upload', `window.ganvas.offerDropped([], '${NOBODY}')`, 'upload.unknown'],
    ['an export of no id', `window.ganvas.saveExport('../../etc/passwd')`, 'call.invalid'],
  ])('%s', async (_name, expression, code) => {
    expect(await program.evaluate(expression)).toMatchObject({ ok: false, error: { code } });
  });

  test('a drop without files of this machine offers nothing', async () => {
    expect(await program.evaluate(`window.ganvas.offerDropped([new File(['x'], '/etc/passwd')])`)).toEqual({
      ok: true,
    });
  });

  test('navigation, window.open and requests to elsewhere', async () => {
    await program.evaluate(`void (location.href = 'https://evil.example/')`);
    await program.evaluate(`void window.open('https://evil.example/')`);
    await program.evaluate(`void window.open('https://arxiv.org/abs/1511.06434')`);
    await program.evaluate(`fetch('https://evil.example/').catch(() => undefined).then(() => undefined)`);
    const prevented = expect.arrayContaining([
      { kind: 'navigation', url: 'https://evil.example/' },
      { kind: 'window.open', url: 'https://evil.example/', action: 'deny' },
      { kind: 'window.open', url: 'https://arxiv.org/abs/1511.06434', action: 'deny' },
    ]);
    await expect.poll(() => program.ask('seen')).toMatchObject({ prevented });
    // Only a link of the constant table reaches the user's browser, and the policy stopped the fetch before it left.
    expect(await program.ask('seen')).toMatchObject({ opened: ['https://arxiv.org/abs/1511.06434'], outgoing: [] });
    expect(await program.evaluate('window.ganvas.host')).toBe('electron');
  });

  test('files outside the page’s folder', async () => {
    for (const path of ['/../main/electron.js', '/%2e%2e/main/electron.js', '/..%2fmain%2felectron.js', '/missing']) {
      expect(await program.evaluate(`fetch('${path}').then(({ status }) => status)`)).toBe(404);
    }
  });

  test('permissions and downloads', async () => {
    for (const name of ['media', 'geolocation', 'notifications', 'usb', 'clipboard-read']) {
      expect(await program.ask('permission', name)).toEqual({ granted: false, checked: false, device: false });
    }
    expect(await program.ask('download')).toEqual({ prevented: true });
  });
});

test('the menu opens papers of the constant table alone', async () => {
  await program.ask('clickMenu', 'DCGAN (Radford et al., 2015)');
  const { opened } = await program.ask<{ opened: string[] }>('seen');
  expect(new Set(opened)).toEqual(new Set(['https://arxiv.org/abs/1511.06434']));
});

test('a second start shows the first one’s window and makes no other', async () => {
  await program.ask('secondInstance');
  expect(await program.ask('seen')).toMatchObject({ windows: 1 });
  const second = await DesktopProgram.start(join(folder, 'home'), { DOUBLE_SECOND_INSTANCE: '1' });
  expect(await second.exited).toBe(0);
});

test('a picture of the window is kept', async () => {
  const path = join(root, 'tests/artifacts/desktop-double.png');
  await mkdir(dirname(path), { recursive: true });
  await program.ask('screenshot', path);
  expect((await readFile(path)).length).toBeGreaterThan(10_000);
});

test('nothing went wrong in the page', async () => {
  expect(await program.ask('seen')).toMatchObject({ errors: [] });
});

test('closing the window amid a run stops it at a checkpoint, then ends the program', async () => {
  const running = `window.ganvas.call('projects.recent', {}).then(({ result }) => Math.max(...result.map(({ step }) => step)))`;
  const step = await evaluate<number>(running);
  await program.ask('closeWindow');
  await program.ask('quit').catch(() => undefined);
  expect(await program.exited).toBe(0);
  expect(await newestCheckpoint(join(folder, 'home'))).toBeGreaterThanOrEqual(Math.max(1, step));
});

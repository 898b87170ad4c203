import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, root } from '../../../src-main/hosts/launch/build.mjs';
import { electronBinary, whyNoWindow } from '../../../src-main/hosts/launch/desktop.mjs';
import { describeAreas, newestCheckpoint } from './areas';

const electronPackage = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
const { env, platform } = process;
const binary = electronBinary(electronPackage, env);
const reason = whyNoWindow({ binary, platform, env, userId: process.getuid?.() });
if (reason) console.log(`SKIPPED: Electron itself is not tested here: ${reason}.`);

/** The flow of shell.test.ts on Electron itself, where there is one. */
describe.skipIf(reason !== undefined)('Electron itself', () => {
  let home: string;
  let program: ElectronApplication;
  let page: Page;
  beforeAll(async () => {
    await ensureBuilt();
    home = await mkdtemp(join(tmpdir(), 'ganvas-electron-'));
    program = await _electron.launch({
      executablePath: binary ?? '',
      args: [root],
      env: { ...(env as Record<string, string>), GANVAS_HOME: home },
    });
    page = await program.firstWindow();
    await page.waitForLoadState();
  });
  afterAll(async () => {
    await program.close();
    await rm(home, { recursive: true, force: true });
  });

  test('shows the page by its own scheme, with the bridge and nothing of Node', async () => {
    expect(page.url()).toBe('app://ganvas/');
    expect(await page.title()).toBe('Ganvas');
    const globals = `['require', 'process', 'module', 'Buffer'].filter((name) => name in window)`;
    expect(await page.evaluate(globals)).toEqual([]);
    expect(await page.evaluate('window.ganvas.host')).toBe('electron');
  });

  test('lets the page go nowhere and open nothing', async () => {
    expect(await page.evaluate(`window.open('https://evil.example/')`)).toBeNull();
    await page.evaluate(`void (location.href = 'https://evil.example/')`);
    expect(await page.evaluate(`fetch('/../main/electron.js').then(({ status }) => status)`)).toBe(404);
    expect(page.url()).toBe('app://ganvas/');
    expect(program.windows()).toHaveLength(1);
  });

  describeAreas((expression) => page.evaluate(expression));

  test('quitting amid a run stops it at a checkpoint', async () => {
    const ended = new Promise((resolve) => program.process().once('exit', resolve));
    await program.evaluate(({ app }) => app.quit());
    await ended;
    expect(await newestCheckpoint(home)).toBeGreaterThan(0);
  });
});

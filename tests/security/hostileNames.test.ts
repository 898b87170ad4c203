import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumLaunch } from '../tools/chromium';
import { startWebProgram, type WebProgram } from '../tools/webProgram';

/** Names that would run a script if a page took them for markup. The page tells by `injected`. */
const FOLDER = '<img src=x onerror=injected=1>';
const FILE = `"><svg onload=injected=2><script>injected=3.png`;

let home: string;
let program: WebProgram;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ganvas-hostile-'));
  await mkdir(join(home, FOLDER));
  await writeFile(join(home, FOLDER, FILE), 'no picture at all');
  await sharp({ create: { width: 40, height: 40, channels: 3, background: 'red' } }).toFile(
    join(home, FOLDER, 'a.png'),
  );
  program = await startWebProgram(home);
  const { args, ...launch } = await chromiumLaunch();
  browser = await chromium.launch({ ...launch, args: [...args] });
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterAll(async () => {
  await browser.close();
  program.process.kill('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

test('a project’s and a file’s hostile names are shown as text, and nothing of them runs', async () => {
  await page.goto(program.url);
  expect(page.url()).not.toContain('token');
  // By the page's own way in: a folder is chosen, which makes a project of its name and reports what was not taken.
  await page.locator('input[type=file][webkitdirectory]').first().setInputFiles(join(home, FOLDER));
  await page.getByText(FILE).first().waitFor({ timeout: 30_000 });
  await page.getByText(FOLDER).first().waitFor();

  for (const room of ['Model', 'Train', 'Explore', 'Export', 'Data']) {
    await page.getByRole('navigation').getByText(room, { exact: true }).click();
    await page.getByText(FOLDER).first().waitFor();
  }
  expect(await page.evaluate('globalThis.injected')).toBeUndefined();
  expect(await page.locator('img[src=x], svg[onload]').count()).toBe(0);
  // Nor did the page try what its policy forbids, itself or by a library.
  expect(complaints).toEqual([]);
});

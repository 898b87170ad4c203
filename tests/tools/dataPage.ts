import AxeBuilder from '@axe-core/playwright';
import { expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWebProgram, type WebProgram } from './webProgram';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const samplePictures = at('../../resources/sample-set/pictures');
const screens = at('../artifacts/screens');

/** A program with a home of its own, and a page that shows it. Whoever opens it closes it. */
export interface DataPage {
  readonly folder: string;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly host: WebProgram;
  close(): Promise<void>;
}

export async function openDataPage(browser: Browser): Promise<DataPage> {
  const folder = await mkdtemp(join(tmpdir(), 'ganvas-e2e-data-'));
  await mkdir(screens, { recursive: true });
  const host = await startWebProgram(join(folder, 'home'));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  return {
    ...{ folder, page, context, host },
    async close() {
      await context.close();
      host.process.kill('SIGKILL');
      await host.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Pictures of the bundled set whose names begin so, their paths in order. */
export async function samples(beginning: string, count: number): Promise<readonly string[]> {
  const names = (await readdir(samplePictures)).filter((name) => name.startsWith(beginning)).sort();
  return names.slice(0, count).map((name) => join(samplePictures, name));
}

/** Copies files into a new folder under the numbers 1 … n. */
export async function copyInto(folder: string, paths: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(paths.map((path, number) => copyFile(path, join(folder, `${number + 1}.png`))));
}

/** Drops files or folders of the disk on the page, all at once, as a file manager does. */
export async function drop(
  { context, page }: Pick<DataPage, 'context' | 'page'>,
  ...paths: readonly string[]
): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 350, data });
  }
}

/** A picture of the state for people to look at, and no serious finding of axe in it. */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `data-${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** A picture on the wall by its number in the project, from 1. */
export const pictureOn = (page: Page, number: number) =>
  page.getByRole('option', { name: new RegExp(`^picture ${number}(?:,|$)`) });
export const wallOn = (page: Page) => page.getByRole('listbox', { name: /^\d+ pictures?$/ });

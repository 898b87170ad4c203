import AxeBuilder from '@axe-core/playwright';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { startWebProgram, type WebProgram } from '../tools/webProgram';

/** The whole job in one project, by mouse and keyboard: each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const samplePictures = at('../../resources/sample-set/pictures');
const screens = at('../artifacts/screens');

/** Pictures in the dropped folder, besides one broken file and one that is none. */
const PICTURES = 100;

let folder: string;
let host: WebProgram;
let context: BrowserContext;
let page: Page;
const pageErrors: string[] = [];

test.beforeAll(async ({ browser }) => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-e2e-'));
  await mkdir(screens, { recursive: true });
  const pictures = join(folder, 'Emoji & friends');
  await mkdir(pictures);
  const files = (await readdir(samplePictures)).filter((name) => name.startsWith('face')).slice(0, PICTURES);
  await Promise.all(files.map((name) => copyFile(join(samplePictures, name), join(pictures, name))));
  const [first] = files;
  const truncated = (await readFile(join(samplePictures, first as string))).subarray(0, 600);
  await writeFile(join(pictures, 'broken.png'), truncated);
  await writeFile(join(pictures, 'notes.txt'), 'not a picture');
  host = await startWebProgram(join(folder, 'home'));
  context = await browser.newContext({ acceptDownloads: true });
  page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
});
test.afterAll(async () => {
  await context?.close();
  host?.process.kill('SIGKILL');
  await host?.exited;
  await rm(folder, { recursive: true, force: true });
});

/** A picture of the state for people to look at, and no serious finding of axe in it. */
async function inspect(name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const room = (name: string) => page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name });
const runBar = () => page.getByRole('group', { name: 'Run' });

/** Step of the run as the top bar shows it. */
async function shownStep(): Promise<number> {
  const text = await runBar().innerText();
  return Number(/step\s*([\d\s]+?)\s*of/.exec(text.replaceAll(/[\u202f\u00a0\u2009]/g, ''))?.[1] ?? Number.NaN);
}

/** How many pictures the explorer has drawn so far. */
const redraws = () =>
  page
    .locator('[data-redraws]')
    .first()
    .getAttribute('data-redraws')
    .then((count) => Number(count));

/** With GANVAS_FRONT_PAGE=STEPS the run goes on so far, and the README's picture is taken anew. */
async function keepFrontPage(): Promise<void> {
  const steps = Number(process.env.GANVAS_FRONT_PAGE ?? 0);
  if (steps === 0) return;
  await expect.poll(shownStep, { timeout: 280_000, intervals: [1000] }).toBeGreaterThan(steps);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: at('../../resources/screenshots/train.png'), animations: 'disabled' });
  await page.emulateMedia({ colorScheme: 'light' });
}

test('the first screen asks for pictures', async () => {
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Use the sample set' })).toBeEnabled();
  await inspect('1-start');
});

/** Drops a folder of this machine onto the page, as the file manager does: Chromium makes the drag events and the entries itself. */
async function dropFolder(path: string): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 350, data });
  }
  await devtools.detach();
}

test('a dropped folder is imported, and each file that could not be used is named', async () => {
  await dropFolder(join(folder, 'Emoji & friends'));
  await expect(page.getByText(`${PICTURES} pictures, 64 × 64, colour.`)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('broken.png')).toBeVisible();
  await expect(page.getByText('notes.txt')).toBeVisible();
  await inspect('2-data');
});

test('a folder chosen by the button adds what is new and nothing twice', async () => {
  const more = join(folder, 'More');
  await mkdir(more);
  const [animal] = (await readdir(samplePictures)).filter((name) => name.startsWith('animal'));
  const [face] = (await readdir(samplePictures)).filter((name) => name.startsWith('face'));
  for (const name of [animal, face] as string[]) await copyFile(join(samplePictures, name), join(more, name));
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add a folder' }).click();
  await (await chooser).setFiles(more);
  await expect(page.getByText(`${PICTURES + 1} pictures, 64 × 64, colour.`)).toBeVisible({ timeout: 60_000 });
});

test('a network that does not fit is named at its layer, Train is off, and undo mends it', async () => {
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('heading', { name: 'Model', level: 1 })).toBeVisible();
  await inspect('3-model');
  const train = page.getByRole('main').getByRole('button', { name: /^Train(?!ing)/ });
  await expect(train).toBeEnabled();
  await page
    .getByRole('button', { name: /^Dense/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Units' }).fill('4000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Reshape to 4 × 4 × 256 needs 4096 numbers, but gets 4000').first()).toBeVisible();
  await expect(train).toBeDisabled();
  await expect(page.getByRole('combobox', { name: /Preset Studio 64×64, edited/ })).toBeVisible();
  await inspect('4-model-broken');
  await page.getByRole('heading', { name: 'Model', level: 1 }).click();
  await page.keyboard.press('Control+z');
  await expect(train).toBeEnabled();
  await page.getByRole('combobox', { name: /Preset/ }).click();
  await page.getByRole('option', { name: /DCGAN 32/ }).click();
  await expect(page.getByText('370 627').or(page.getByText('370\u202f627')).first()).toBeVisible();
});

test('training shows samples, curves and numbers, pauses by the space bar and goes on', async () => {
  await page.keyboard.press('Control+3');
  await page.getByRole('textbox', { name: 'Steps' }).fill('100000');
  await page.getByRole('textbox', { name: 'Seed' }).fill('5');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(runBar()).toContainText('training', { timeout: 60_000 });
  await expect.poll(shownStep, { timeout: 120_000 }).toBeGreaterThan(30);
  await expect(page.getByRole('img', { name: /^Samples at step/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Losses, now: D [\d.]+, G [\d.]+/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /now: D\(x\) [\d.]+, D\(G\(z\)\) [\d.]+/ })).toBeVisible();
  await inspect('5-train');
  await keepFrontPage();
  await page.getByRole('heading', { name: 'Train', level: 1 }).click();
  await page.keyboard.press('Space');
  await expect(runBar()).toContainText('paused');
  const paused = await shownStep();
  await page.waitForTimeout(1000);
  expect(await shownStep()).toBe(paused);
  await inspect('6-paused');
  await page.keyboard.press('Space');
  await expect.poll(shownStep, { timeout: 60_000 }).toBeGreaterThan(paused);
});

test('the explorer redraws as the slider moves, also while training', async () => {
  await page.keyboard.press('Control+4');
  await expect(page.getByRole('listbox', { name: /^Seeds/ }).getByRole('option')).toHaveCount(48);
  await inspect('7-explore-seed');
  await page.getByRole('radio', { name: 'Between two' }).click();
  const slider = page.getByRole('slider').last();
  await slider.focus();
  const before = await redraws();
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
  await expect.poll(redraws).toBeGreaterThan(before);
  await page.getByRole('radio', { name: 'Lerp', exact: true }).click();
  await inspect('8-explore-between');
  await page.getByRole('radio', { name: 'Four corners' }).click();
  const pad = page.getByRole('slider', { name: /four corners/ });
  await pad.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(/Between seeds 1, 2, 3, 4 at/).first()).toBeVisible();
  await inspect('9-explore-corners');
  await page.keyboard.press('Control+5');
  await page.keyboard.press('Control+4');
  await expect.poll(redraws).toBeGreaterThan(0);
  const entered = await redraws();
  await pad.focus();
  await page.keyboard.press('Home');
  await expect(page.getByText(/at 0 % right, 0 % down/).first()).toBeVisible();
  await expect.poll(redraws).toBeGreaterThan(entered);
  await expect(runBar()).toContainText('training');
});

test('a killed program resumes its run from the checkpoint, charts and samples included', async () => {
  await page.keyboard.press('Control+3');
  // A pause writes a checkpoint: what comes after it is what a power cut may cost.
  await page.getByRole('main').getByRole('button', { name: 'Pause' }).click();
  await expect(runBar()).toContainText('paused');
  const checkpoint = await shownStep();
  host.process.kill('SIGKILL');
  await host.exited;
  await expect(page.getByText(/connection/i).first()).toBeVisible();
  await page.screenshot({ path: join(screens, '10-connection-lost.png') });
  host = await startWebProgram(join(folder, 'home'));
  await page.goto(host.url);
  await page
    .getByRole('button', { name: /Emoji & friends/ })
    .first()
    .click();
  await page.keyboard.press('Control+3');
  await expect(page.getByText(/interrupted/i).first()).toBeVisible();
  await inspect('11-interrupted');
  await page
    .getByRole('main')
    .getByRole('button', { name: /Resume/ })
    .click();
  await expect.poll(shownStep, { timeout: 60_000 }).toBeGreaterThan(checkpoint);
  expect(await shownStep()).toBeLessThan(checkpoint + 5000);
  await page.getByRole('main').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: /Resume/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('img', { name: /^Losses, now/ })).toBeVisible();
  await inspect('12-stopped');
});

/** Clicks a save button and gives the downloaded file's bytes. */
async function save(button: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const download = page.waitForEvent('download', { timeout: 120_000 });
  await page.getByRole('button', { name: button }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

test('pictures, a grid with its seeds, an animation and the model are exported', async () => {
  await page.keyboard.press('Control+5');
  await expect(page.getByRole('button', { name: 'Save picture' })).toBeEnabled();
  await inspect('13-export');

  const picture = await save('Save picture');
  expect(picture.name).toMatch(/\.png$/);
  expect(await sharp(picture.bytes).metadata()).toMatchObject({ format: 'png', width: 128, height: 128 });

  const grid = await save('Save grid');
  expect(await sharp(grid.bytes).metadata()).toMatchObject({ format: 'png', width: 256, height: 256 });
  expect(grid.bytes.toString('latin1')).toMatch(/[sS]eeds[\s\S]{1,8}1[, ]+2[, ]+3/);

  await page.getByRole('textbox', { name: 'Frames', exact: true }).fill('6');
  await page.keyboard.press('Tab');
  const animation = await save('Save animation');
  const { format, pages } = await sharp(animation.bytes, { animated: true }).metadata();
  expect({ format, pages }).toEqual({ format: 'webp', pages: 10 });

  const model = await save('Save model');
  const session = await InferenceSession.create(model.bytes);
  const { pictures } = await session.run({ z: new Tensor('float32', new Float32Array(3 * 100).fill(0.5), [3, 100]) });
  expect(pictures?.dims).toEqual([3, 32, 32, 3]);
  await session.release();
});

test('every room works in a small light window and by the keyboard', async () => {
  await page.setViewportSize({ width: 1024, height: 640 });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  for (const [index, name] of ['Data', 'Model', 'Train', 'Explore', 'Export'].entries()) {
    await page.keyboard.press(`Control+${index + 1}`);
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
    await inspect(`14-small-${name.toLowerCase()}`);
  }
  await room('Data').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible();
  expect(pageErrors).toEqual([]);
});

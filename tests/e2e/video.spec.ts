import AxeBuilder from '@axe-core/playwright';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { makeVideo, openVideoMaker, usableCodec } from '../tools/videoMaker';
import { startWebProgram, type WebProgram } from '../tools/webProgram';

/** Videos that are made here, dropped, and taken apart into pictures: each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

const screens = fileURLToPath(new URL('../artifacts/screens', import.meta.url));

/** Each frame's own colour, far from that of any other that is taken. */
const colours = Array.from({ length: 30 }, (_, frame) => ({ r: 20 + frame * 7, g: 230 - frame * 7, b: 120 }));
const inWords = ({ r, g, b }: { r: number; g: number; b: number }) => `rgb(${r} ${g} ${b})`;

let folder: string;
let host: WebProgram;
let context: BrowserContext;
let page: Page;
let codec: 'vp8' | 'vp9' | undefined;
const pageErrors: string[] = [];

test.beforeAll(async ({ browser }) => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-e2e-video-'));
  await mkdir(screens, { recursive: true });
  host = await startWebProgram(join(folder, 'home'));
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const maker = await openVideoMaker(context);
  codec = await usableCodec(maker);
  if (codec) {
    const frames = colours.map((colour) => [inWords(colour), inWords(colour)] as const);
    const clip = await makeVideo(maker, codec, { format: 'webm', width: 96, height: 64, frames });
    await writeFile(join(folder, 'holiday.webm'), clip);
    const noisy = Array.from({ length: 30 }, (_, n) => [`hsl(${n * 12} 90% 50%)`, `hsl(${n * 47} 80% 40%)`] as const);
    const whole = await makeVideo(maker, codec, { format: 'mp4', width: 96, height: 64, frames: noisy });
    // It lists all its frames at its beginning, and has not all of them.
    await writeFile(join(folder, 'cut.mp4'), whole.subarray(0, Math.floor(whole.length * 0.8)));
    const halves = Array.from({ length: 4 }, () => ['#e02020', '#2020e0'] as const);
    const turned = await makeVideo(maker, codec, {
      format: 'mp4',
      width: 96,
      height: 64,
      frames: halves,
      rotation: 90,
    });
    await writeFile(join(folder, 'turned.mp4'), turned);
    const wide = await makeVideo(maker, codec, {
      format: 'mp4',
      width: 96,
      height: 64,
      frames: halves,
      pixelAspect: 2,
    });
    await writeFile(join(folder, 'wide.mp4'), wide);
    const glass = Array.from({ length: 6 }, (_, n) => [`rgb(${210 + 7 * n} 32 32)`, 'rgb(32 32 224 / 0.4)'] as const);
    const transparent = await makeVideo(maker, codec, {
      format: 'webm',
      width: 96,
      height: 64,
      frames: glass,
      alpha: true,
    });
    await writeFile(join(folder, 'glass.webm'), transparent);
    const many = Array.from({ length: 150 }, (_, n) => [`rgb(${n} 0 90)`, `rgb(0 ${n} 90)`] as const);
    await writeFile(
      join(folder, 'long.mp4'),
      await makeVideo(maker, codec, { format: 'mp4', width: 1600, height: 900, frames: many }),
    );
  }
  await writeFile(join(folder, 'noise.mp4'), Buffer.alloc(5000, 'noise'));
  await maker.close();
  page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(String(error)));
});
test.afterAll(async () => {
  await context?.close();
  host?.process.kill('SIGKILL');
  await host?.exited;
  await rm(folder, { recursive: true, force: true });
});
test.beforeEach(() => {
  test.skip(!codec, 'This browser has no WebCodecs, or neither encodes nor decodes VP8 and VP9.');
});

async function drop(...names: readonly string[]): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const data = { items: [], files: names.map((name) => join(folder, name)), dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 350, data });
  }
}

async function inspect(name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `video-${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const dialog = () => page.getByRole('dialog', { name: /Frames of/ });
const inReport = (name: string) => page.locator('dl > div', { hasText: name }).locator('dd');

/** Files that the project keeps of its pictures, by their names. */
async function originals(): Promise<ReadonlyMap<string, string>> {
  const [project = ''] = await readdir(join(folder, 'home/projects'));
  const kept = join(folder, 'home/projects', project, 'dataset/originals');
  const files = await readdir(kept, { recursive: true });
  return new Map(files.map((file) => [basename(file), join(kept, file)]));
}

async function colourAt(path: string, left: number, top: number) {
  const [r = 0, g = 0, b = 0] = await sharp(path)
    .extract({ left, top, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer();
  return { r, g, b };
}

function expectNear(seen: Record<'r' | 'g' | 'b', number>, wanted: Record<'r' | 'g' | 'b', number>): void {
  for (const part of ['r', 'g', 'b'] as const) expect(Math.abs(seen[part] - wanted[part])).toBeLessThan(20);
}

test('every n-th frame of a dropped video becomes a picture', async () => {
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop('holiday.webm');
  await expect(dialog().getByText('1.2 s, 30 frames (25 a second), 96 × 64 px')).toBeVisible();
  await expect(dialog().getByRole('button', { name: 'Take 30 pictures' })).toBeVisible();
  await dialog().getByRole('textbox', { name: 'Every n-th frame' }).fill('10');
  await page.keyboard.press('Enter');
  await expect(dialog().getByText('3 pictures of 30 frames, 2.5 of each second.')).toBeVisible();
  await inspect('1-question');
  await dialog().getByRole('button', { name: 'Take 3 pictures' }).click();
  await expect(page.getByText('Imported 3 pictures')).toBeVisible({ timeout: 60_000 });
  await expect(inReport('Pictures in all')).toHaveText('3');
  await expect(inReport('Not taken')).toHaveText('0');
  await expect(page.getByText('holiday', { exact: true }).first()).toBeVisible();
  await inspect('2-report');
  const kept = await originals();
  expect([...kept.keys()].filter((name) => name.endsWith('.png')).sort()).toEqual([
    'holiday-000000.png',
    'holiday-000010.png',
    'holiday-000020.png',
  ]);
  for (const frame of [0, 10, 20]) {
    const path = kept.get(`holiday-${String(frame).padStart(6, '0')}.png`) ?? '';
    expect(await sharp(path).metadata()).toMatchObject({ width: 96, height: 64, format: 'png' });
    expectNear(await colourAt(path, 48, 32), colours[frame] ?? { r: 0, g: 0, b: 0 });
  }
});

test('the same video with the same n adds nothing', async () => {
  await drop('holiday.webm');
  await dialog().getByRole('textbox', { name: 'Every n-th frame' }).fill('10');
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'Take 3 pictures' }).click();
  await expect(inReport('Already there')).toHaveText('3', { timeout: 60_000 });
  await expect(inReport('Added')).toHaveText('0');
  await expect(inReport('Pictures in all')).toHaveText('3');
});

test('a video that says so is turned; other files of the drop come along, and a file that is no video says so', async () => {
  await sharp({ create: { width: 50, height: 50, channels: 3, background: '#30a040' } })
    .png()
    .toFile(join(folder, 'still.png'));
  await drop('turned.mp4', 'noise.mp4', 'still.png');
  await expect(dialog().getByText(/64 × 96 px/)).toBeVisible();
  await expect(dialog().getByText(/noise\.mp4 cannot be read as a video/)).toBeVisible();
  await inspect('3-refused');
  await dialog().getByRole('textbox', { name: 'Every n-th frame' }).fill('4');
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'Take 1 picture' }).click();
  await expect(inReport('Added')).toHaveText('2', { timeout: 60_000 });
  const path = (await originals()).get('turned-000000.png') ?? '';
  expect(await sharp(path).metadata()).toMatchObject({ width: 64, height: 96 });
  expectNear(await colourAt(path, 32, 20), { r: 224, g: 32, b: 32 });
  expectNear(await colourAt(path, 32, 76), { r: 32, g: 32, b: 224 });
});

test('pixels that are no squares are shown as the video says, and transparency is kept for the background that is chosen', async () => {
  await drop('wide.mp4', 'glass.webm');
  await expect(dialog().getByText(/192 × 64 px/)).toBeVisible();
  await expect(dialog().getByText(/6 frames .* 96 × 64 px/)).toBeVisible();
  await dialog().getByRole('textbox', { name: 'Every n-th frame' }).fill('4');
  await page.keyboard.press('Enter');
  await dialog().getByRole('button', { name: 'Take 3 pictures' }).click();
  await expect(inReport('Added')).toHaveText('3', { timeout: 60_000 });
  const kept = await originals();
  const wide = kept.get('wide-000000.png') ?? '';
  expect(await sharp(wide).metadata()).toMatchObject({ width: 192, height: 64 });
  expectNear(await colourAt(wide, 40, 32), { r: 224, g: 32, b: 32 });
  expectNear(await colourAt(wide, 150, 32), { r: 32, g: 32, b: 224 });
  for (const name of ['glass-000000.png', 'glass-000004.png']) {
    const { data, info } = await sharp(kept.get(name)).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number) => [...data.subarray((32 * info.width + x) * 4, (32 * info.width + x) * 4 + 4)];
    expect(info).toMatchObject({ width: 96, height: 64, channels: 4 });
    const wanted = [
      [24, [224, 32, 32, 255]],
      [72, [32, 32, 224, 102]],
    ] as const;
    for (const [x, colours] of wanted) {
      const seen = at(x).map((value, part) => Math.abs(value - (colours[part] ?? 0)) < 20);
      expect(seen, `${name}, ${x}: ${at(x).join(' ')}`).toEqual([true, true, true, true]);
    }
  }
});

test('a frame is cropped anew from the picture that was kept of it', async () => {
  await page.getByRole('button', { name: 'Crop all' }).click();
  await expect(page.getByText('The original, 96 × 64 px')).toBeVisible();
  await page.getByRole('radio', { name: 'Whole, with bars' }).click();
  await page.getByRole('button', { name: /^Apply to all/ }).click();
  await expect(page.getByText('Cropped all pictures')).toBeVisible({ timeout: 60_000 });
});

test('a large video is made smaller, and ends when it is cancelled, with nothing added', async () => {
  await page.route('**/uploads/*/files*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue().catch(() => undefined);
  });
  await drop('long.mp4');
  await expect(dialog().getByText('6 s, 150 frames (25 a second), 1 600 × 900 px, taken as 1 024 × 576')).toBeVisible();
  await dialog().getByRole('button', { name: 'Take 150 pictures' }).click();
  await expect(page.getByText(/^Taking frames/)).toBeVisible();
  await expect(page.getByText(/left$/)).toBeVisible();
  await inspect('4-progress');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText(/^Taking frames/)).toBeHidden();
  await expect(page.getByText('Cancelled.')).toBeVisible();
  await expect(inReport('Pictures in all')).toHaveText('8');
  await page.unroute('**/uploads/*/files*');
});

test('of a video that is cut short, the part that is there is taken, and that is said', async () => {
  await drop('cut.mp4');
  await dialog().getByRole('button', { name: 'Take 30 pictures' }).click();
  const card = page.getByRole('main').getByText(/^cut\.mp4 is damaged after frame \d+/);
  await expect(card).toBeVisible({ timeout: 60_000 });
  const added = async () => Number(await inReport('Added').textContent());
  // The import before it added three, and its report stands there for a moment longer.
  await expect.poll(added).toBeGreaterThan(3);
  expect(await added()).toBeLessThan(30);
  await inspect('5-cut');
});

test('nothing went wrong in the page', () => expect(pageErrors).toEqual([]));

test('the page’s first file carries none of the demuxer', async () => {
  const assets = fileURLToPath(new URL('../../out/renderer/assets', import.meta.url));
  const [first = ''] = (await readdir(assets)).filter((name) => /^index-.*\.js$/.test(name));
  expect(await readFile(join(assets, first), 'utf8')).not.toContain('EBML');
  expect((await readdir(assets)).filter((name) => /^takeApart-.*\.js$/.test(name))).toHaveLength(1);
});

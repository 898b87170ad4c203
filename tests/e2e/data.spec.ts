import AxeBuilder from '@axe-core/playwright';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { startWebProgram, type WebProgram } from '../tools/webProgram';

/** From a pile of pictures to a run on exactly those that were meant: each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const samplePictures = at('../../resources/sample-set/pictures');
const screens = at('../artifacts/screens');

/** Faces in the dropped folder, beside one wide picture and a broken one. */
const FACES = 40;
const DEEP = 40;

let folder: string;
let host: WebProgram;
let context: BrowserContext;
let page: Page;
/** Files of the folder in the order in which they are imported. */
let files: readonly string[];

test.beforeAll(async ({ browser }) => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-e2e-data-'));
  await mkdir(screens, { recursive: true });
  const pictures = join(folder, 'Faces');
  await mkdir(pictures);
  const faces = (await readdir(samplePictures))
    .filter((name) => name.startsWith('face'))
    .sort()
    .slice(0, FACES);
  await Promise.all(faces.map((name) => copyFile(join(samplePictures, name), join(pictures, name))));
  // Red on the left, blue on the right: its middle square is half of each.
  const wide = sharp({ create: { width: 200, height: 100, channels: 3, background: '#0000ff' } });
  const red = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  await writeFile(
    join(pictures, 'wide.png'),
    await wide
      .composite([{ input: red, left: 0, top: 0 }])
      .png()
      .toBuffer(),
  );
  await writeFile(join(pictures, 'broken.png'), (await readFile(join(pictures, faces[0] ?? ''))).subarray(0, 400));
  // The one goes while it is handed over, and the path of the other is not taken.
  await copyFile(join(pictures, 'wide.png'), join(pictures, 'gone.png'));
  const deep = join(pictures, 'deep/'.repeat(DEEP));
  await mkdir(deep, { recursive: true });
  await copyFile(join(pictures, 'wide.png'), join(deep, 'a.png'));
  files = [...faces, 'wide.png'];
  host = await startWebProgram(join(folder, 'home'));
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
});
test.afterAll(async () => {
  await context?.close();
  host?.process.kill('SIGKILL');
  await host?.exited;
  await rm(folder, { recursive: true, force: true });
});

/** A picture of the state for people to look at, and no serious finding of axe in it. */
async function inspect(name: string): Promise<void> {
  await page.screenshot({ path: join(screens, `data-${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

const picture = (number: number) => page.getByRole('option', { name: new RegExp(`^picture ${number}(?:,|$)`) });
const wall = () => page.getByRole('listbox', { name: /^\d+ pictures?$/ });

test('a dropped folder shows its report', async () => {
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  const devtools = await context.newCDPSession(page);
  const data = { items: [], files: [join(folder, 'Faces')], dragOperationsMask: 1 };
  const lost = join(folder, 'Faces', 'gone.png');
  await page.route('**/files?name=**', (route) => rm(lost, { force: true }).then(() => route.continue()));
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 350, data });
  }
  await expect(page.getByText(`${FACES + 1} pictures, 64 × 64, colour.`)).toBeVisible({ timeout: 60_000 });
  await page.unrouteAll({ behavior: 'wait' });
  await expect(page.getByText('broken.png')).toBeVisible();
  await expect(page.getByText('gone.png')).toBeVisible();
  await expect(page.getByText('deep/a.png')).toBeVisible();
  await expect(page.getByRole('button', { name: `All ${FACES + 1}` })).toBeVisible();
  await inspect('1-report');
});

test('two pictures are excluded, one more is taken back and excluded again', async () => {
  await picture(3).click();
  await picture(7).click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByText('2 pictures chosen')).toBeVisible();
  await inspect('2-chosen');
  await page.keyboard.press('Delete');
  await expect(page.getByText(`${FACES - 1} trained on, 2 excluded.`)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText(/trained on, 2 excluded/)).toBeHidden();
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByText(`${FACES - 1} trained on, 2 excluded.`)).toBeVisible();
  await page.getByRole('button', { name: 'Excluded 2' }).click();
  await expect(page.getByRole('listbox', { name: '2 pictures' })).toBeVisible();
  await inspect('3-excluded');
  await page.getByRole('button', { name: `All ${FACES + 1}` }).click();
});

test('a page that is loaded anew can still take that back', async () => {
  await page.reload();
  await page.getByRole('button', { name: 'Undo: Excluded 2 pictures' }).click();
  await expect(page.getByText('Undone: Excluded 2 pictures')).toBeVisible();
  await expect(page.getByText(/trained on, 2 excluded/)).toBeHidden();
  await page.keyboard.press('Control+Shift+z');
  await expect(page.getByText(`${FACES - 1} trained on, 2 excluded.`)).toBeVisible();
});

test('a crop is mended by hand, seen before it is done', async () => {
  await wall().focus();
  await page.keyboard.press('End');
  await expect(page.getByText('Faces/wide.png')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The original, 200 × 100 px')).toBeVisible();
  await page.getByRole('radio', { name: 'By hand' }).click();
  const square = page.getByRole('application', { name: /^Square that is used/ });
  await square.focus();
  for (let press = 0; press < 6; press++) await page.keyboard.press('Shift+ArrowLeft');
  const whole = await square.boundingBox();
  if (!whole) throw new Error('there is no square');
  const [x, y] = [whole.x + whole.width - 6, whole.y + whole.height - 6];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 40, y - 40, { steps: 4 });
  await page.mouse.up();
  const smaller = await square.boundingBox();
  expect(smaller?.width).toBeCloseTo(whole.width - 40, 0);
  expect(smaller?.x).toBeCloseTo(whole.x, 0);
  await inspect('4-crop');
  await page.getByRole('button', { name: 'Apply to this picture' }).click();
  await expect(page.getByRole('button', { name: 'Own crop 1' })).toBeVisible();
  await expect(page.getByText('Cropped 1 picture')).toBeVisible();
});

test('the augmentation, the numbers and the split are shown', async () => {
  await page.keyboard.press('Escape');
  await wall().focus();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Preview augmentation' }).click();
  await expect(page.getByRole('img', { name: 'Augmented pictures, a row each' })).toBeVisible();
  await inspect('5-augmentation');
  await page.keyboard.press('Escape');
  for (const [tab, text] of [
    ['Statistics', 'Width / height'],
    ['Alike', 'look alike'],
    ['Training', 'Held out'],
  ] as const) {
    await page.getByRole('radio', { name: tab }).click();
    await expect(page.getByRole('complementary').getByText(text).first()).toBeVisible();
    await inspect(`6-${tab.toLowerCase()}`);
  }
});

test('a run is trained on exactly the rest', async () => {
  await page.keyboard.press('Control+3');
  await page.getByRole('textbox', { name: 'Steps' }).fill('6');
  await page.getByRole('button', { name: 'Start training' }).click();
  const run = join(folder, 'home/projects/faces/runs/0001');
  await expect
    .poll(() => readFile(join(run, 'run.json'), 'utf8').catch(() => ''), { timeout: 180_000 })
    .toContain('goal');
  const { sessions } = JSON.parse(await readFile(join(run, 'pictures.json'), 'utf8')) as {
    sessions: { hash: string; trained: number; excluded: number }[];
  };
  expect(sessions).toMatchObject([{ fromStep: 0, trained: FACES - 1, excluded: 2, heldOut: 0 }]);
  const listed = await readFile(join(run, `pictures-${sessions[0]?.hash.slice(0, 12)}.txt`), 'utf8');
  const meant = files.filter((_, index) => index !== 2 && index !== 6);
  const hashes = await Promise.all(
    meant.map(async (name) =>
      createHash('sha256')
        .update(await readFile(join(folder, 'Faces', name)))
        .digest('hex'),
    ),
  );
  expect(listed.trim().split('\n')).toEqual(hashes);
  // What is trained on of the wide picture is its mended crop: its middle square, as it was imported, is red in one half alone.
  const shard = await readFile(join(folder, 'home/projects/faces/dataset', await shardName()));
  const wide = shard.subarray(-64 * 64 * 3);
  const reds = Array.from({ length: 64 * 64 }, (_, pixel) => (wide[3 * pixel] as number) > 128).filter(Boolean);
  expect(reds.length / (64 * 64)).toBeGreaterThan(0.7);
});

/** That of the pack's last pictures. */
async function shardName(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'home/projects/faces/dataset/manifest.json'), 'utf8')) as {
    shards: { name: string }[];
  };
  return `${manifest.shards.at(-1)?.name}.bin`;
}

test('everything works in a small dark window', async () => {
  await page.keyboard.press('Control+1');
  await page.setViewportSize({ width: 1024, height: 640 });
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect(wall()).toBeVisible();
  await inspect('7-small-dark');
  await picture(1).click();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('img', { name: 'As training sees it' })).toBeVisible();
  await inspect('8-small-dark-crop');
});

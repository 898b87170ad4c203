import { expect, test, type Locator } from '@playwright/test';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { zipOf } from '../../src-main/store/testing/archives';
import { drop, inspect, openDataPage, pictureOn, samples, wallOn, type DataPage } from '../tools/dataPage';

/** Pictures that came as one archive: what is done to them later reads it again. Each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

const FACES = 30;
const ALL = FACES + 1;
let opened: DataPage;
const project = () => join(opened.folder, 'home/projects/my-pictures');

test.beforeAll(async ({ browser }) => {
  opened = await openDataPage(browser);
  const faces = await samples('face', FACES);
  // Red on the left, blue on the right: its middle square is half of each.
  const red = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  const wide = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#0000ff' } })
    .composite([{ input: red, left: 0, top: 0 }])
    .png()
    .toBuffer();
  const entries = await Promise.all(faces.map(async (path) => ({ name: basename(path), bytes: await readFile(path) })));
  const zip = zipOf([
    ...entries,
    { name: 'zz/wide.png', bytes: wide },
    { name: '../evil.png', bytes: wide },
    { name: 'read me.txt', bytes: Buffer.from('no picture') },
  ]);
  await writeFile(join(opened.folder, 'Faces.zip'), zip);
});
test.afterAll(() => opened?.close());

/** The packed bytes of the last picture: what training reads. */
async function lastPacked(size: number, channels: number): Promise<Uint8Array> {
  const dir = join(project(), 'dataset');
  const [shard = ''] = (await readdir(dir)).filter((name) => name.endsWith('.bin') && name.startsWith('pictures-'));
  return (await readFile(join(dir, shard))).subarray(-size * size * channels);
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('what was looked for is not on the page');
  return box;
}

test('a dropped archive shows its pictures, and what of it was not taken', async () => {
  const { page, host, folder } = opened;
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(opened, join(folder, 'Faces.zip'));
  await expect(page.getByText(`${ALL} pictures, 64 × 64, colour.`)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Faces.zip/read me.txt')).toBeVisible();
  await inspect(page, 'archive-1-report');
});

test('one is excluded; the enlarged picture at the edge of the wall covers no control', async () => {
  const { page } = opened;
  await pictureOn(page, 2).click();
  await page.keyboard.press('Delete');
  await expect(page.getByText(`${ALL - 1} trained on, 1 excluded.`)).toBeVisible();
  const lefts = await Promise.all(
    Array.from({ length: 12 }, async (_, number) => (await boxOf(pictureOn(page, number + 1))).x),
  );
  const last = lefts.indexOf(Math.max(...lefts)) + 1;
  const row = await boxOf(pictureOn(page, last));
  await page.mouse.move(row.x + row.width / 2, row.y + row.height / 2, { steps: 4 });
  const loupe = await boxOf(page.locator('figure', { hasText: `picture ${last} ·` }));
  const wall = await boxOf(wallOn(page));
  expect(loupe.x).toBeGreaterThanOrEqual(wall.x);
  expect(loupe.x + loupe.width).toBeLessThanOrEqual(wall.x + wall.width);
  expect(loupe.y).toBeGreaterThanOrEqual(wall.y);
  await inspect(page, 'archive-2-loupe');
  await page.getByRole('button', { name: 'Choose none' }).click();
});

test('one is cropped anew out of the archive', async () => {
  const { page } = opened;
  expect([...(await lastPacked(64, 3)).subarray(-3)]).toEqual([0, 0, 255]);
  await wallOn(page).focus();
  await page.keyboard.press('End');
  await expect(page.getByText('Faces.zip/zz/wide.png')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The original, 200 × 100 px')).toBeVisible();
  await page.getByRole('radio', { name: 'By hand' }).click();
  await page.getByRole('application', { name: /^Square that is used/ }).focus();
  for (let press = 0; press < 6; press++) await page.keyboard.press('Shift+ArrowLeft');
  await page.getByRole('button', { name: 'Apply to this picture' }).click();
  await expect(page.getByRole('button', { name: 'Own crop 1' })).toBeVisible();
  await expect.poll(async () => [...(await lastPacked(64, 3)).subarray(-3)]).toEqual([255, 0, 0]);
});

test('all become smaller and grey, seen before it is done, and come back by one undo', async () => {
  const { page } = opened;
  await wallOn(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('As training sees it, 64 × 64 px, colour')).toBeVisible();
  await page.getByRole('textbox', { name: 'Size' }).fill('32');
  await page.getByRole('radio', { name: 'Grey' }).click();
  await expect(page.getByText('As training sees it, 32 × 32 px, grey')).toBeVisible();
  await expect(page.getByText(/become 32 × 32 px, grey\. Every picture keeps its crop\./)).toBeVisible();
  await inspect(page, 'archive-3-format');
  await page.getByRole('button', { name: `Apply to all ${ALL}` }).click();
  await expect(page.getByText(`${ALL} pictures, 32 × 32, grey. Proposed: Studio 32×32`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Own crop 1' })).toBeVisible();
  expect(new Set(await lastPacked(32, 1)).size).toBe(1);
  await inspect(page, 'archive-4-grey');
  await page.keyboard.press('Control+z');
  await expect(page.getByText(`${ALL} pictures, 64 × 64, colour. Proposed: Studio 64×64`)).toBeVisible();
  await expect.poll(async () => [...(await lastPacked(64, 3)).subarray(-3)]).toEqual([255, 0, 0]);
});

test('once the archive is gone, the size stays, and the page says why', async () => {
  const { page } = opened;
  await rm(join(project(), 'dataset/originals'), { recursive: true });
  const before = await lastPacked(64, 3);
  await wallOn(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/cannot be made anew: its file is gone/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Size' }).fill('32');
  await page.getByRole('textbox', { name: 'Size' }).press('Enter');
  await page.getByRole('button', { name: `Apply to all ${ALL}` }).click();
  const editor = page.getByRole('dialog');
  await expect(editor.getByText(`${ALL} pictures could not be made anew`)).toBeVisible();
  await inspect(page, 'archive-5-refused');
  await page.keyboard.press('Escape');
  await expect(page.getByText(/Nothing was changed/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Find them' })).toBeVisible();
  expect(await lastPacked(64, 3)).toEqual(before);
  await inspect(page, 'archive-6-gone');
});

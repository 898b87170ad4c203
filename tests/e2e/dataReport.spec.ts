import { expect, test } from '@playwright/test';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { copyInto, drop, inspect, openDataPage, samples, type DataPage } from '../tools/dataPage';

/** What an import says of its files, while it goes on and afterwards: each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

/** Pictures so large that decoding them leaves time to look. */
const LARGE = 12;
const SIDE = 6000;

let data: DataPage;
let folder: string;
test.beforeAll(async ({ browser }) => {
  data = await openDataPage(browser);
  folder = join(data.folder, 'Pets');
  await copyInto(join(folder, 'cats'), await samples('animal', 6));
  await copyInto(join(folder, 'dogs'), await samples('face', 6));
  await copyFile(join(folder, 'cats/2.png'), join(folder, 'cats/2 copy.png'));
  await copyFile(join(folder, 'cats/1.png'), join(folder, 'dogs/1.png'));
  await writeFile(join(folder, 'cats/0 broken.png'), (await readFile(join(folder, 'cats/3.png'))).subarray(0, 300));
  for (let large = 0; large < LARGE; large++) {
    const background = { r: 20 * large, g: 90, b: 200 };
    const picture = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } });
    await picture.png({ compressionLevel: 1 }).toFile(join(folder, `dogs/large ${large}.png`));
  }
});
test.afterAll(() => data.close());

/** Runs in the page: calls what the test exposed there as `holdBreath`, once the page shows `text`. Looking from outside would come too late on a fast machine. */
function holdBreathAt(text: string): void {
  const { holdBreath } = window as unknown as { holdBreath: () => void };
  const observer = new MutationObserver(() => {
    if (!document.body.textContent.includes(text)) return;
    observer.disconnect();
    holdBreath();
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
}

test('the report grows while the import goes on', async () => {
  const { page, host } = data;
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  // The studio holds its breath as soon as the page says so: however fast it is, there is time to look.
  await page.exposeFunction('holdBreath', () => host.process.kill('SIGSTOP'));
  await page.evaluate(holdBreathAt, 'added · 2 there already · 1 not taken');
  await drop(data, folder);
  const live = page.getByRole('region', { name: 'Report so far' });
  await expect(live.getByText(/^\d+ added · 2 there already · 1 not taken$/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await expect(live.getByText('Damaged 1')).toBeVisible();
  await expect(live.getByText(/Save it again from its source/)).toBeVisible();
  await expect(live.getByRole('list', { name: 'Newest files' })).toContainText('Pets/cats/0 broken.png');
  await inspect(page, 'report-1-live');
  host.process.kill('SIGCONT');
  await expect(page.getByText(`${11 + LARGE} pictures, `)).toBeVisible({ timeout: 120_000 });
  await expect(live).toBeHidden();
});

test('duplicates are listed under the picture that stays, which is left out and given the other class', async () => {
  const { page } = data;
  await page.setViewportSize({ width: 1440, height: 1400 });
  const conflicts = page.getByRole('region', { name: 'In two classes at once' });
  await expect(conflicts.getByText('Pets/cats/1.png (cats)')).toBeVisible();
  await expect(conflicts.getByText('= Pets/dogs/1.png (dogs, not cats)')).toBeVisible();
  await expect(conflicts.getByRole('img', { name: 'Pets/cats/1.png' })).toBeVisible();
  const copies = page.getByRole('region', { name: 'Twice in this import' });
  await expect(copies.getByText('= Pets/cats/2.png')).toBeVisible();
  await inspect(page, 'report-2-duplicates');
  const fate = copies.getByRole('radiogroup', { name: 'What becomes of Pets/cats/2 copy.png' });
  await fate.getByRole('radio', { name: 'Leave out' }).click();
  await expect(page.getByText(`${10 + LARGE} trained on, 1 excluded.`)).toBeVisible();
  await conflicts.getByRole('button', { name: 'Make it “dogs”' }).click();
  await expect(conflicts.getByText('Pets/cats/1.png (dogs)')).toBeVisible();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByText(/trained on, 1 excluded/)).toBeHidden();
  await expect(fate.getByRole('radio', { name: 'Keep' })).toBeChecked();
});

test('an import that adds one picture leaves the report of the one before it', async () => {
  const { page } = data;
  const more = join(data.folder, 'More');
  await mkdir(more);
  await copyFile((await samples('food', 1))[0] ?? '', join(more, 'food.png'));
  await drop(data, more);
  await expect(page.getByText('Imported 1 picture')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Every file was taken.')).toBeVisible();
  await page
    .getByRole('complementary')
    .getByRole('combobox', { name: /^Which import/ })
    .click();
  await inspect(page, 'report-3-chooser');
  await page.getByRole('option', { name: /Pets/ }).click();
  await expect(page.getByText('Pets/cats/0 broken.png')).toBeVisible();
});

test('a first import without a picture leaves a report too', async ({ browser }) => {
  const other = await openDataPage(browser);
  try {
    const { page, host } = other;
    const texts = join(other.folder, 'Texts');
    await mkdir(texts);
    for (let note = 0; note < 60; note++) await writeFile(join(texts, `note ${note + 10}.txt`), 'no picture');
    await page.goto(host.url);
    await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
    await drop(other, texts);
    await expect(page.getByRole('alert')).toContainText('None of the 60 files', { timeout: 60_000 });
    const group = page.getByRole('region', { name: 'Not pictures' });
    await expect(group.getByText('Texts/note 59.txt')).toBeVisible();
    await inspect(page, 'report-4-failed');
    await group.getByRole('button', { name: 'Show more (10 left)' }).click();
    await expect(group.getByText('Texts/note 69.txt')).toBeAttached();
  } finally {
    await other.close();
  }
});

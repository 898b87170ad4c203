import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import sharp from 'sharp';
import { copyInto, drop, inspect, openDataPage, samples, type DataPage } from '../tools/dataPage';

/** How pictures are taken, chosen before the drop: each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

let data: DataPage;
let folder: string;
test.beforeAll(async ({ browser }) => {
  data = await openDataPage(browser);
  folder = join(data.folder, 'Faces');
  await copyInto(folder, await samples('face', 6));
  const shades = [30, 90, 150, 210].map((red) =>
    sharp({ create: { width: 40, height: 24, channels: 3, background: { r: red, g: 90, b: 200 } } })
      .png()
      .toBuffer(),
  );
  const animation = sharp(await Promise.all(shades), { join: { animated: true } });
  await animation.gif().toFile(join(folder, 'moving.gif'));
});
const box = (name: string) => data.page.getByRole('textbox', { name });

test.afterAll(() => data.close());

test('size, grey, bars and frames are as they were chosen before the first drop', async () => {
  const { page, host } = data;
  await page.goto(host.url);
  await page.getByText('How pictures are taken').click();
  await page.getByRole('radio', { name: 'Chosen' }).click();
  await box('Pixels a side').fill('48');
  await page.getByRole('radio', { name: 'Grey' }).click();
  await page.getByRole('radio', { name: 'Whole, with bars' }).click();
  await box('Every n-th frame of animations').fill('2');
  await box('Every n-th frame of animations').press('Enter');
  await inspect(page, 'choices-1-start');
  await drop(data, folder);
  await expect(page.getByText('8 pictures, 48 × 48, grey.')).toBeVisible({ timeout: 60_000 });
  await expect(box('Every n-th frame of animations')).toHaveValue('2');
  await box('Every n-th frame of animations').scrollIntoViewIfNeeded();
  await inspect(page, 'choices-2-more');
});

test('other frames of an animation that is there are not taken in silence', async () => {
  const { page } = data;
  await box('Every n-th frame of animations').fill('1');
  await box('Every n-th frame of animations').press('Enter');
  await drop(data, join(folder, 'moving.gif'));
  await expect(page.getByText('No new picture; 1 was there already')).toBeVisible({ timeout: 60_000 });
  await expect(box('Every n-th frame of animations')).toHaveValue('1');
});

test('what was chosen is there again when the pictures are cleared', async () => {
  const { page } = data;
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(page.getByRole('heading', { name: 'No pictures yet' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Grey' })).toBeChecked();
  await inspect(page, 'choices-3-empty');
  await page.setViewportSize({ width: 1024, height: 640 });
  await inspect(page, 'choices-4-small');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByText('How pictures are taken').click();
  await expect(box('Pixels a side')).toBeHidden();
  await inspect(page, 'choices-5-folded');
});

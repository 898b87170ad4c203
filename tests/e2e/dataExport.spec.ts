import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyInto, drop, inspect, openDataPage, pictureOn, samples, type DataPage } from '../tools/dataPage';

/** Training pictures leave the studio as a zip that a browser keeps beside what it saved before. */
let data: DataPage;
test.beforeAll(async ({ browser }) => {
  data = await openDataPage(browser);
  await copyInto(join(data.folder, 'Pets/cats'), await samples('animal', 6));
  await copyInto(join(data.folder, 'Pets/dogs'), await samples('face', 6));
});
test.afterAll(() => data.close());

/** Names of the files in a zip, as its directory has them. */
const namesIn = (zip: Buffer): readonly string[] =>
  zip
    .toString('latin1')
    .split('PK\x01\x02')
    .slice(1)
    .map((entry) => /^[^]{42}(picture-\d+\.png|labels\.csv)/.exec(entry)?.[1] ?? '');

test('pictures are saved as training sees them: those that are trained on, those that are chosen, and all', async () => {
  const { page, host, folder } = data;
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(data, join(folder, 'Pets'));
  await expect(page.getByText('12 pictures, ')).toBeVisible({ timeout: 60_000 });
  await pictureOn(page, 3).click();
  await page.getByRole('button', { name: 'Exclude', exact: true }).click();
  await page.getByRole('button', { name: 'Choose none' }).click();
  const openDialog = page.getByRole('main').getByRole('button', { name: 'Export', exact: true });
  await openDialog.click();
  const dialog = page.getByRole('dialog', { name: 'Export pictures' });
  await expect(dialog.getByRole('radio', { name: 'Trained on 11' })).toBeChecked();
  await inspect(page, 'export-1-which');
  const save = async (which: string) => {
    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: `Save ${which}` }).click();
    const download = await downloading;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const trained = await save('11 pictures');
  expect(trained.name).toBe('pets-11-pictures.zip');
  const numbers = Array.from({ length: 12 }, (_, number) => `picture-${String(number).padStart(7, '0')}.png`);
  expect(namesIn(trained.bytes)).toEqual([...numbers.filter((_, number) => number !== 2), 'labels.csv']);
  expect(trained.bytes.toString('latin1')).toContain('picture-0000000.png,"cats"\r\n');
  await expect(dialog.getByText(/^Downloaded pets-11-pictures\.zip/)).toBeVisible();
  await inspect(page, 'export-2-saved');
  await dialog.getByRole('radio', { name: 'All 12' }).click();
  expect(namesIn((await save('12 pictures')).bytes)).toEqual([...numbers, 'labels.csv']);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await pictureOn(page, 5).click();
  await openDialog.click();
  await expect(dialog.getByRole('radio', { name: 'Chosen 1' })).toBeChecked();
  expect(namesIn((await save('1 picture')).bytes)).toEqual(['picture-0000004.png', 'labels.csv']);
});

import { expect, test } from '@playwright/test';
import { readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { zipOf } from '../../src-main/store/testing/archives';
import { ganvas } from '../tools/commandLine';
import { copyInto, drop, inspect, openDataPage, samples, type DataPage } from '../tools/dataPage';
import { startWebProgram, type WebProgram } from '../tools/webProgram';

/** Where pictures come from: several places at once, files that were moved, an import that was cut off. */
let data: DataPage;
let host: WebProgram;
test.beforeEach(async ({ browser }) => {
  data = await openDataPage(browser);
  host = data.host;
});
test.afterEach(async () => {
  await data.close();
  host.process.kill('SIGKILL');
  await host.exited;
});

const inReport = (name: string) => data.page.locator('dl > div', { hasText: name }).locator('dd');
const datasets = async () => {
  const projects = join(data.folder, 'home/projects');
  return (await readdir(projects)).map((project) => join(projects, project, 'dataset'));
};

test('folders, an archive and a picture that are dropped together are one import, each folder a class', async () => {
  const { page, folder } = data;
  await copyInto(join(folder, 'cats'), await samples('animal', 5));
  await copyInto(join(folder, 'dogs'), await samples('face', 4));
  const made = (background: string) =>
    sharp({ create: { width: 40, height: 40, channels: 3, background } })
      .png()
      .toBuffer();
  const zip = zipOf([
    { name: 'birds/1.png', bytes: await made('#103050') },
    { name: 'birds/2.png', bytes: await made('#907010') },
  ]);
  await writeFile(join(folder, 'more.zip'), zip);
  await writeFile(join(folder, 'alone.png'), await made('#60a0f0'));
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(data, ...['cats', 'dogs', 'more.zip', 'alone.png'].map((name) => join(folder, name)));
  await expect(inReport('Pictures in all')).toHaveText('12', { timeout: 60_000 });
  await expect(inReport('Not taken')).toHaveText('0');
  const classes = page.getByRole('region', { name: 'Classes' });
  await expect(classes.getByRole('listitem')).toHaveText(['cats 5', 'dogs 4', 'more.zip 2', 'without a class 1']);
  await inspect(page, 'sources-1-several');
});

test('files that were moved are found again in a folder that the page uploads, and cropped anew from there', async () => {
  const { page, folder } = data;
  const [project, before, after] = ['Moved', 'faces', 'elsewhere'].map((name) => join(folder, name));
  await copyInto(before ?? '', await samples('face', 6));
  const home = join(folder, 'home');
  expect(await ganvas(home, 'new', project ?? '')).toMatchObject({ code: 0 });
  expect(await ganvas(home, 'import', project ?? '', before ?? '')).toMatchObject({ code: 0 });
  await rename(before ?? '', after ?? '');
  await page.goto(host.url);
  await page.getByRole('button', { name: /^Moved/ }).click();
  await page.getByRole('button', { name: 'Data', exact: true }).click();
  const card = page.getByRole('alert').filter({ hasText: 'not as at the import' });
  await expect(card).toContainText('files of 6 pictures');
  await inspect(page, 'sources-2-moved');
  await card.getByLabel('Folder with the files').setInputFiles(after ?? '');
  await expect(page.getByText('Found 6 files')).toBeVisible({ timeout: 60_000 });
  await expect(card).toBeHidden();
  await page.getByRole('button', { name: 'Crop all' }).click();
  await page.getByRole('radio', { name: 'Whole, with bars' }).click();
  await page.getByRole('button', { name: /^Apply to all/ }).click();
  await expect(page.getByText('Cropped all pictures')).toBeVisible({ timeout: 60_000 });
});

test('an import whose host was killed goes on where it was when the same folder is dropped again', async () => {
  const { page, folder } = data;
  const [small, large] = [450, 100];
  const pictures = small + large;
  const filled = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#285ac8' } })
      .png({ compressionLevel: 1 })
      .toBuffer();
  // As many small ones as fill the writer's memory, so that it writes whatever the time is; then large ones, which leave time to kill it.
  const [first, then] = await Promise.all([filled(64), filled(5000)]);
  await copyInto(join(folder, 'Skies'), []);
  for (let number = 0; number < pictures; number++) {
    // What follows the end of a PNG makes another file of it, and no other picture.
    const bytes = Buffer.concat([number < small ? first : then, Buffer.from(String(number))]);
    await writeFile(join(folder, `Skies/${String(number).padStart(3, '0')}.png`), bytes);
  }
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(data, join(folder, 'Skies'));
  const written = async (ending: string) => {
    const [dataset = ''] = await datasets().catch(() => []);
    const stats = await stat(join(dataset, `pictures-00001.${ending}`)).catch(() => undefined);
    return { bytes: stats?.size ?? 0, file: stats?.ino };
  };
  // The records of the first pictures are written after their pixels: then there is something to go on with.
  await expect
    .poll(async () => (await written('part')).bytes, { timeout: 120_000, intervals: [20] })
    .toBeGreaterThan(0);
  host.process.kill('SIGKILL');
  await host.exited;
  const cut = await written('bin');
  host = await startWebProgram(join(folder, 'home'));
  await page.goto(host.url);
  await page.getByRole('button', { name: /^Skies/ }).click();
  await page.getByRole('button', { name: 'Data', exact: true }).click();
  await expect(page.getByText('An import of Skies was not finished.')).toBeVisible();
  await inspect(page, 'sources-3-cut-off');
  await drop(data, join(folder, 'Skies'));
  await expect(inReport('Pictures in all')).toHaveText(String(pictures), { timeout: 120_000 });
  await expect(inReport('Added')).toHaveText(String(pictures));
  await expect(page.getByText('was not finished')).toBeHidden();
  const whole = await written('bin');
  expect(whole.file).toBe(cut.file);
  expect(whole.bytes).toBeGreaterThan(cut.bytes);
});

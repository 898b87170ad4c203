import { expect, test } from '@playwright/test';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { copyInto, drop, inspect, openDataPage, samples, type DataPage } from '../tools/dataPage';

/** What an import says of its files, while it goes on and afterwards: each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

/** Pictures so large that decoding them leaves time to look. */
const LARGE = 8;
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

test('the report grows while the import goes on', async () => {
  const { page, host } = data;
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(data, folder);
  const live = page.getByRole('region', { name: 'Report so far' });
  await expect(live.getByText(/^\d+ added · 2 there already · 1 not taken$/)).toBeVisible({ timeout: 60_000 });
  // The studio holds its breath: however fast it is, there is time to look.
  host.process.kill('SIGSTOP');
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await expect(live.getByText('Damaged 1')).toBeVisible();
  await expect(live.getByText(/Save it again from its source/)).toBeVisible();
  await expect(live.getByRole('list', { name: 'Newest files' })).toContainText('Pets/cats/0 broken.png');
  await inspect(page, 'report-1-live');
  host.process.kill('SIGCONT');
  await expect(page.getByText(`${11 + LARGE} pictures, `)).toBeVisible({ timeout: 120_000 });
  await expect(live).toBeHidden();
});

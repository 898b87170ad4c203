import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { copyInto, drop, inspect, openDataPage, samples, wallOn, type DataPage } from '../tools/dataPage';

/** A folder of folders becomes classes that are looked at one by one, weighed, and kept. Each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

const [ANIMALS, FACES] = [12, 20];
let opened: DataPage;

test.beforeAll(async ({ browser }) => {
  opened = await openDataPage(browser);
  await copyInto(join(opened.folder, 'Emoji/animals'), await samples('animal', ANIMALS));
  await copyInto(join(opened.folder, 'Emoji/faces'), await samples('face', FACES));
});
test.afterAll(() => opened?.close());

test('two subfolders become two classes', async () => {
  const { page, host, folder } = opened;
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(opened, join(folder, 'Emoji'));
  await expect(page.getByText(`${ANIMALS + FACES} pictures, 64 × 64, colour.`)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('combobox', { name: /^Class/ }).click();
  await page.getByRole('option', { name: `animals (${ANIMALS})` }).click();
  await expect(page.getByRole('listbox', { name: `${ANIMALS} pictures` })).toBeVisible();
  await expect(page.getByRole('button', { name: `All ${ANIMALS}` })).toBeVisible();
  await inspect(page, 'classes-1-filtered');
  await page.getByRole('combobox', { name: /^Class/ }).click();
  await page.getByRole('option', { name: 'All classes' }).click();
  await expect(wallOn(page)).toHaveAccessibleName(`${ANIMALS + FACES} pictures`);
});

test('classes are balanced and weighed, and a share is held out; all of it is there after a reload', async () => {
  const { page } = opened;
  await page.getByRole('radio', { name: 'Training' }).click();
  const panel = page.getByRole('complementary');
  await panel.getByRole('switch', { name: 'Balance classes' }).click();
  await expect(panel.getByRole('switch', { name: 'Balance classes' })).toBeChecked();
  const weight = panel.getByRole('textbox', { name: 'faces' });
  await weight.fill('2.5');
  await weight.press('Enter');
  await expect(page.getByText('Changed the sampling').first()).toBeVisible();
  const share = panel.getByRole('textbox', { name: 'Held out' });
  await share.fill('25');
  await share.press('Enter');
  const chip = page.getByRole('button', { name: /^Held out \d+$/ });
  await expect(chip).toBeVisible();
  const count = Number((await chip.innerText()).replace(/\D/g, ''));
  expect(count).toBeGreaterThan(0);
  await expect(page.getByText(`${ANIMALS + FACES - count} trained on, ${count} held out.`)).toBeVisible();
  await inspect(page, 'classes-2-weighed');

  await page.reload();
  await page.getByRole('radio', { name: 'Training' }).click();
  await expect(panel.getByRole('switch', { name: 'Balance classes' })).toBeChecked();
  await expect(panel.getByRole('textbox', { name: 'faces' })).toHaveValue('2.5');
  await expect(panel.getByRole('textbox', { name: 'animals' })).toHaveValue('1');
  await expect(panel.getByRole('textbox', { name: 'Held out' })).toHaveValue('25');
  await expect(page.getByRole('button', { name: `Held out ${count}` })).toBeVisible();
});

import { expect, test } from '@playwright/test';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ganvas } from '../tools/commandLine';
import { drop, inspect, openDataPage, type DataPage } from '../tools/dataPage';
import { makeVideo, openVideoMaker, usableCodec } from '../tools/videoMaker';

/** Videos within a folder: their frames are taken from the report of its import. Each test goes on where the one before it stopped. */
test.describe.configure({ mode: 'serial' });

let data: DataPage;
let clips: string;
let codec: 'vp8' | 'vp9' | undefined;
test.beforeAll(async ({ browser }) => {
  data = await openDataPage(browser);
  const maker = await openVideoMaker(data.context);
  codec = await usableCodec(maker);
  clips = join(data.folder, 'Clips');
  for (const [animal, background] of [
    ['birds', '#203040'],
    ['cats', '#807060'],
  ] as const) {
    await mkdir(join(clips, animal), { recursive: true });
    const still = sharp({ create: { width: 50, height: 50, channels: 3, background } });
    await still.png().toFile(join(clips, animal, 'still.png'));
  }
  await writeFile(join(clips, 'cats/old.avi'), Buffer.from('RIFF\x20\0\0\0AVI LIST', 'latin1'));
  if (codec) {
    const frames = Array.from({ length: 30 }, (_, n) => [`rgb(${n * 8} 0 90)`, `rgb(0 ${n * 8} 90)`] as const);
    const size = { width: 96, height: 64, frames };
    await writeFile(join(clips, 'cats/walk.webm'), await makeVideo(maker, codec, { format: 'webm', ...size }));
    const few = { ...size, width: 80, frames: frames.slice(0, 4) };
    await writeFile(join(clips, 'birds/fly.mp4'), await makeVideo(maker, codec, { format: 'mp4', ...few }));
  }
  await maker.close();
});
test.afterAll(() => data.close());
test.beforeEach(() => {
  test.skip(!codec, 'This browser has no WebCodecs, or neither encodes nor decodes VP8 and VP9.');
});

const dialog = () => data.page.getByRole('dialog', { name: /Frames of/ });
const videos = () => data.page.getByRole('region', { name: 'Videos' });
const inReport = (name: string) => data.page.locator('dl > div', { hasText: name }).locator('dd');

async function takeEvery(n: number, pictures: number): Promise<void> {
  await dialog().getByRole('textbox', { name: 'Every n-th frame' }).fill(String(n));
  await data.page.keyboard.press('Enter');
  await dialog()
    .getByRole('button', { name: `Take ${pictures} ` })
    .click();
}

test('videos in a dropped folder are listed, and their frames taken, into the classes of their folders', async () => {
  const { page, host } = data;
  await page.goto(host.url);
  await expect(page.getByRole('heading', { name: 'Drop a folder of pictures' })).toBeVisible();
  await drop(data, clips);
  await expect(videos().getByText('Clips/cats/old.avi')).toBeVisible({ timeout: 60_000 });
  await inspect(page, 'videos-1-listed');
  await videos().getByRole('button', { name: 'Take frames from Clips/birds/fly.mp4' }).click();
  await expect(dialog().getByText(/, 4 frames/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await videos().getByRole('button', { name: 'Take frames from 2 videos' }).click();
  await takeEvery(15, 3);
  await expect(inReport('Added')).toHaveText('3', { timeout: 60_000 });
  await expect(inReport('Pictures in all')).toHaveText('5');
  const classes = page.getByRole('region', { name: 'Classes' });
  await expect(classes.getByRole('listitem')).toHaveText(['birds 2', 'cats 3']);
  await inspect(page, 'videos-2-taken');
});

test('videos of a folder that another host imported are read from its disk', async () => {
  const { page, host, folder } = data;
  const project = join(folder, 'From disk');
  expect(await ganvas(join(folder, 'home'), 'new', project)).toMatchObject({ code: 0 });
  expect(await ganvas(join(folder, 'home'), 'import', project, clips)).toMatchObject({ code: 0 });
  await page.goto(host.url);
  await page.getByRole('button', { name: 'Clips', exact: true }).click();
  await page.getByRole('menuitem', { name: 'All projects' }).click();
  await page.getByRole('button', { name: /^From disk/ }).click();
  await page.getByRole('button', { name: 'Data', exact: true }).click();
  await videos().getByRole('button', { name: 'Take frames from Clips/cats/walk.webm' }).click();
  await takeEvery(10, 3);
  await expect(inReport('Added')).toHaveText('3', { timeout: 60_000 });
  await rm(join(clips, 'birds/fly.mp4'));
  await page.reload();
  await page.getByRole('combobox', { name: 'Which import' }).or(page.getByLabel('Which import')).first().click();
  await page.getByRole('option', { name: /2 added/ }).click();
  await videos().getByRole('button', { name: 'Take frames from Clips/birds/fly.mp4' }).click();
  await expect(dialog().getByText('Clips/birds/fly.mp4 is no longer there')).toBeVisible();
});

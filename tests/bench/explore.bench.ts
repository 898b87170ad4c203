import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWebProgram } from '../tools/webProgram';

/** How often the explorer redraws a 64×64 picture while its slider is dragged, idle and while training. */
const SECONDS = 6;
const DRAG_STEPS_A_SECOND = 120;

const redraws = (page: Page) =>
  page.evaluate(() => Number(document.querySelector('[data-redraws]')?.getAttribute('data-redraws')));

/** Drags the slider to and fro by the mouse and gives the redraws a second. */
async function drag(page: Page): Promise<number> {
  const box = await page.getByRole('slider', { name: 'Place between the seeds' }).locator('..').boundingBox();
  if (!box) throw new Error('the slider has no place');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  const before = await redraws(page);
  const start = performance.now();
  let elapsed = 0;
  for (let step = 0; elapsed < SECONDS * 1000; step++) {
    const phase = (step / DRAG_STEPS_A_SECOND) * Math.PI;
    await page.mouse.move(box.x + box.width * (0.5 + 0.45 * Math.sin(phase)), y);
    elapsed = performance.now() - start;
    const ahead = (step * 1000) / DRAG_STEPS_A_SECOND - elapsed;
    if (ahead > 0) await page.waitForTimeout(ahead);
  }
  const rate = ((await redraws(page)) - before) / (elapsed / 1000);
  await page.mouse.up();
  return rate;
}

test('redraws of the latent slider', async ({ browser }) => {
  const home = await mkdtemp(join(tmpdir(), 'ganvas-bench-'));
  const host = await startWebProgram(home);
  const page = await (await browser.newContext()).newPage();
  try {
    await page.goto(host.url);
    await page.getByRole('button', { name: 'Use the sample set' }).click();
    await page.getByText('64 × 64, colour.').waitFor();
    await page.keyboard.press('Control+3');
    await page.getByRole('button', { name: 'Start training' }).click();
    const bar = page.getByRole('group', { name: 'Run' });
    await expect(bar).toContainText('training', { timeout: 60_000 });
    await page.getByRole('img', { name: /^Losses, now/ }).waitFor();
    await page.keyboard.press('Control+4');
    await page.getByRole('radio', { name: 'Between two' }).click();
    await page.locator('[data-redraws]').first().waitFor();
    const training = await drag(page);
    await bar.getByRole('button', { name: /Stop/ }).click();
    await expect(bar).toContainText('stopped', { timeout: 60_000 });
    const idle = await drag(page);
    const load = loadavg()[0]?.toFixed(1);
    console.log(
      `\nlatent slider, 64 × 64: ${idle.toFixed(0)} redraws/s idle, ${training.toFixed(0)} while training (load ${load})`,
    );
  } finally {
    await page.close();
    host.process.kill('SIGINT');
    await host.exited;
    await rm(home, { recursive: true, force: true });
  }
});

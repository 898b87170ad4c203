import { expect, test, type BrowserContext, type CDPSession, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colourOf, EVERY_SMALL, makeManyPictures } from '../tools/manyPictures';
import { heldBytes, watched, type Watched } from '../tools/wallWatch';
import { startWebProgram, type WebProgram } from '../tools/webProgram';

/** The wall of a hundred thousand pictures. What is measured is printed; asserted is what does not depend on the machine. */
test.describe.configure({ mode: 'serial' });

const PICTURES = 100_000;
/** Elements of the whole page, and bytes that looking at everything may add to what its scripts hold. */
const ELEMENTS_MAX = 1500;
const GROWTH_MAX = 40e6;

let folder: string;
let host: WebProgram;
let context: BrowserContext;
let page: Page;
let devtools: CDPSession;

test.beforeAll(async ({ browser }) => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-e2e-wall-'));
  const home = join(folder, 'home');
  await makeManyPictures(home, 'Many', PICTURES);
  host = await startWebProgram(home);
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  devtools = await context.newCDPSession(page);
});
test.afterAll(async () => {
  await context?.close();
  host?.process.kill('SIGKILL');
  await host?.exited;
  await rm(folder, { recursive: true, force: true });
});

/** A number as it is shown. */
const shown = (count: number): RegExp => new RegExp(String(count).replace(/\B(?=(\d{3})+$)/g, '\\s'));
const wall = (count: number) => page.getByRole('listbox', { name: new RegExp(`^${shown(count).source} pictures$`) });

const picture = (number: number) => page.getByRole('option', { name: new RegExp(`^picture ${number}(?:,|$)`) });
const chosen = () => page.getByRole('group', { name: 'Chosen pictures' });

/** The pictures in sight by their numbers, from 1 on, and the colour in the middle of each. */
const inSight = (): Promise<readonly { readonly number: number; readonly colour: readonly number[] }[]> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[role="listbox"] canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return [];
    const { left, top, height } = canvas.getBoundingClientRect();
    return [...document.querySelectorAll('[role="listbox"] [role="option"]')].flatMap((option) => {
      const box = option.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2 - left, box.top + box.height / 2 - top];
      if (y < 0 || y >= height) return [];
      const number = Number(/\d+/.exec(option.getAttribute('aria-label') ?? '')?.[0]);
      return [{ number, colour: [...context.getImageData(x, y, 1, 1).data].slice(0, 3) }];
    });
  });

/** Waits until each picture in sight shows what it is said to be; their numbers. */
async function settled(): Promise<readonly number[]> {
  let numbers: readonly number[] = [];
  await expect(async () => {
    const seen = await inSight();
    expect(seen.length).toBeGreaterThan(20);
    expect(seen.map(({ colour }) => colour)).toEqual(seen.map(({ number }) => [...colourOf(number - 1)]));
    numbers = seen.map(({ number }) => number);
  }).toPass({ intervals: [20] });
  return numbers;
}

/** Turns the wheel so many times, and waits until the wall stands still: wheels are followed after they are turned. */
async function turnWheel(times: number): Promise<void> {
  for (let turn = 0; turn < Math.abs(times); turn++) await page.mouse.wheel(0, Math.sign(times) * 20_000);
  const top = () => page.getByRole('listbox').evaluate((list) => list.scrollTop);
  for (let before = -1, now = await top(); before !== now; now = await top()) {
    before = now;
    await page.waitForTimeout(250);
  }
}

const round = (value: number): string => value.toFixed(0);
function print(what: string, { frames: [median, most, longest], longestTask, elements }: Watched): void {
  const frames = `frames ${round(median)} ms, 95 % within ${round(most)}, at most ${round(longest)}`;
  console.log(`${what}: ${frames}; longest task ${round(longestTask)} ms; ${elements} elements`);
}

test('opens, and shows the first pictures', async () => {
  await page.goto(host.url);
  const recent = page.getByRole('button', { name: /^Many/ });
  await expect(recent).toBeVisible();
  const begun = performance.now();
  const opening = await watched(page, async () => {
    await recent.click();
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Data' }).click();
    await expect(wall(PICTURES)).toBeVisible();
    expect((await settled())[0]).toBe(1);
    console.log(`first pictures after ${round(performance.now() - begun)} ms`);
  });
  print('opening', opening);
});

test('scrolls to any place by wheel and keys, with as few elements and as little memory as ever', async () => {
  const before = await heldBytes(devtools);
  await wall(PICTURES).hover();
  const wheel = await watched(page, async () => {
    await turnWheel(80);
    expect((await settled()).at(-1)).toBe(PICTURES);
    await turnWheel(-30);
    const numbers = await settled();
    expect(numbers[0]).toBeGreaterThan(PICTURES / 10);
    expect(numbers.at(-1)).toBeLessThan((PICTURES * 9) / 10);
  });
  print('wheel', wheel);
  await wall(PICTURES).focus();
  const keys = await watched(page, async () => {
    await page.keyboard.press('Home');
    expect((await settled())[0]).toBe(1);
    await page.keyboard.press('End');
    expect((await settled()).at(-1)).toBe(PICTURES);
    for (let page_ = 0; page_ < 40; page_++) await page.keyboard.press('PageUp');
    const top = (await settled())[0];
    for (let page_ = 0; page_ < 20; page_++) await page.keyboard.press('PageDown');
    expect((await settled())[0]).toBeGreaterThan(top ?? PICTURES);
  });
  print('keys', keys);
  const after = await heldBytes(devtools);
  console.log(`scripts hold ${round(before / 1e6)} MB, ${round(after / 1e6)} MB after`);
  expect(wheel.elements).toBeLessThan(ELEMENTS_MAX);
  expect(keys.elements).toBeLessThan(ELEMENTS_MAX);
  expect(after - before).toBeLessThan(GROWTH_MAX);
});

test('a range of more than half is chosen, excluded and taken back', async () => {
  await page.keyboard.press('Home');
  await settled();
  let last = 0;
  const choosing = await watched(page, async () => {
    await turnWheel(32);
    last = ((await settled())[0] ?? 0) + 20;
    expect(last).toBeGreaterThan(PICTURES / 2);
    await picture(last).click();
    await page.keyboard.press('Shift+Home');
    await expect(chosen()).toContainText(shown(last));
    await page.keyboard.press('Control+a');
    await expect(chosen()).toContainText(shown(PICTURES));
    await page.keyboard.press('Home');
    await expect(chosen()).toContainText('1 picture chosen');
  });
  print('choosing', choosing);
  const excluding = await watched(page, async () => {
    await picture(1).click();
    await turnWheel(32);
    await settled();
    await picture(last).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Delete');
    await expect(page.getByRole('button', { name: /^Excluded/ })).toHaveText(shown(last));
    await page.keyboard.press('Control+z');
    await expect(page.getByRole('button', { name: /^Excluded/ })).toHaveText(/\b0$/);
    await page.keyboard.press('Escape');
  });
  print('excluding', excluding);
});
test('a view shows its pictures alone', async () => {
  const filtering = await watched(page, async () => {
    await page.getByRole('button', { name: /^Small/ }).click();
    await expect(wall(PICTURES / EVERY_SMALL)).toBeVisible();
    await wall(PICTURES / EVERY_SMALL).focus();
    await page.keyboard.press('End');
    const numbers = await settled();
    expect(numbers.at(-1)).toBe(PICTURES - EVERY_SMALL + 1);
    expect(numbers.every((number) => number % EVERY_SMALL === 1)).toBe(true);
    await page.getByRole('button', { name: /^All/ }).click();
    await expect(wall(PICTURES)).toBeVisible();
  });
  print('views', filtering);
});

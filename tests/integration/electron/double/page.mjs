// TEST DOUBLE: a window's page in a real Chromium. The program's own scheme is shown there under an https name that leads nowhere.
import { chromium } from 'playwright-core';
import { emitPreventable, seen, serve } from './electron.mjs';
import { bridgeInPage, pack, unpack } from './bridge.mjs';

const SHOWN_AS = 'https://app-scheme.test';
let browser;

const toApp = (url, appUrl) => url.replace(SHOWN_AS, new URL(appUrl).href.replace(/\/$/, ''));

/** Opens a page on the program's URL, with what its preload exposed. */
export async function openPage({ url, contents, exposed }) {
  browser ??= await chromium.launch(JSON.parse(process.env.DOUBLE_CHROMIUM));
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await exposeBridge(page, exposed);
  await page.exposeBinding('__doubleOpen', (_source, target) => {
    seen.prevented.push({ kind: 'window.open', url: target, action: contents.openHandler({ url: target }).action });
  });
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) contents.mainFrame.url = toApp(frame.url(), url);
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  let loaded = false;
  await page.route('**/*', async (route) => {
    const request = route.request();
    const target = toApp(request.url(), url);
    if (request.isNavigationRequest() && loaded) {
      const isMainFrame = request.frame() === page.mainFrame();
      if (emitPreventable(contents, 'will-frame-navigate', { url: target, isMainFrame })) {
        seen.prevented.push({ kind: 'navigation', url: target });
        // “No content”: the page stays where it is.
        return route.fulfill({ status: 204 });
      }
    }
    if (!request.url().startsWith(`${SHOWN_AS}/`)) {
      seen.outgoing.push(target);
      return route.abort();
    }
    const answer = await serve(target, request.method());
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  await page.goto(url.replace(new URL(url).href.replace(/\/$/, ''), SHOWN_AS), { waitUntil: 'load' });
  loaded = true;
  return page;
}

/** As contextBridge: functions become functions of the page, values are copied, and nothing else crosses. */
async function exposeBridge(page, exposed) {
  const callbacks = new Map();
  const revived = (id) => (value) =>
    page
      .evaluate(([callback, packed]) => globalThis.__doubleCallback(callback, packed), [id, pack(value)])
      .catch(() => undefined);
  await page.exposeBinding('__doubleCall', async (_source, [name, key, packed, callId]) => {
    const result = exposed.get(name)[key](...unpack(packed, revived));
    if (typeof result === 'function') callbacks.set(callId, result);
    return typeof result === 'function' ? pack(undefined) : pack(await result);
  });
  await page.exposeBinding('__doubleEnd', (_source, callId) => void callbacks.get(callId)?.());
  const shape = [...exposed].map(([name, api]) => [
    name,
    Object.entries(api).map(([key, value]) => [key, typeof value === 'function' ? undefined : value]),
  ]);
  await page.addInitScript(bridgeInPage, shape);
}

export async function closeBrowser() {
  await browser?.close();
}

import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How to launch the Chromium that tests drive: `GANVAS_CHROMIUM`, an installed one, or the registry's (@sparticuz/chromium). */
export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// The registry's browser unpacks 209 MB into the temporary folder and reuses whatever it finds there: it gets one of its own.
const unpackFolder = fileURLToPath(new URL('../../node_modules/.cache/ganvas-chromium', import.meta.url));

async function registryChromium(): Promise<string> {
  mkdirSync(unpackFolder, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = unpackFolder;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** The folder that the registry's browser is unpacked in, with the graphics drivers beside it. */
export async function registryChromiumFolder(): Promise<string> {
  await registryChromium();
  return unpackFolder;
}

export async function chromiumLaunch(): Promise<ChromiumLaunch> {
  const executablePath =
    process.env.GANVAS_CHROMIUM ?? installed.find((path) => existsSync(path)) ?? (await registryChromium());
  const profileFolder = join(tmpdir(), `ganvas-browser-${process.pid}`);
  mkdirSync(profileFolder, { recursive: true });
  return {
    executablePath,
    // Its own list of arguments contains --single-process, which dies on a second context.
    args: ['--no-sandbox'],
    env: { ...(process.env as Record<string, string>), TMPDIR: profileFolder },
  };
}

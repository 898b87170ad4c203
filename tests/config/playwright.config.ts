import { defineConfig } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { chromiumLaunch } from '../tools/chromium';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const launch = await chromiumLaunch();

export default defineConfig({
  testDir: at('../e2e'),
  outputDir: at('../artifacts/e2e'),
  // Training in one test would starve the others' timings on two cores.
  workers: 1,
  fullyParallel: false,
  timeout: 300_000,
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: launch.executablePath, args: [...launch.args], env: { ...launch.env } },
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
  },
});

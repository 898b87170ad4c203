import { defineConfig } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import tests from './playwright.config';

/** Measurements in the browser: they print figures and assert none of them. */
export default defineConfig(tests, {
  testDir: fileURLToPath(new URL('../bench', import.meta.url)),
  testMatch: '*.bench.ts',
  reporter: 'line',
});

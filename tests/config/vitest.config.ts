import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        // TensorFlow.js's gradients are published as ES modules for bundlers alone, and its core must be the same copy, as in the build.
        resolve: {
          alias: [{ find: /^@tensorflow\/tfjs-(core|backend-cpu)$/, replacement: '@tensorflow/tfjs-$1/dist/index.js' }],
        },
        test: {
          name: 'node',
          environment: 'node',
          server: { deps: { inline: [/@tensorflow\/tfjs-(core|backend-cpu)/] } },
          include: [
            'src-shared/**/*.test.ts',
            'src-main/**/*.test.ts',
            'tests/{integration,security,reference,soak}/**/*.test.ts',
          ],
          // The first use of an ORT session or a decoder on a loaded two-core machine takes seconds.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        plugins: [svelte({ configFile: false }), svelteTesting()],
        test: {
          name: 'dom',
          environment: 'jsdom',
          include: ['src-renderer/**/*.test.ts'],
          setupFiles: ['src-renderer/testing/browserGaps.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
});

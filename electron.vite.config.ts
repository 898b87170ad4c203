import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  main: {
    build: {
      // Vite's default target is newer than the oldest Node that runs the web host and the command line.
      target: 'node20',
      outDir: 'out/main',
      // TensorFlow.js's gradients come as modules that Node cannot load by themselves (imports without file endings).
      externalizeDeps: { exclude: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'] },
      rollupOptions: {
        input: {
          electron: here('src-main/hosts/electron/main.ts'),
          web: here('src-main/hosts/web/main.ts'),
          cli: here('src-main/hosts/cli/main.ts'),
          trainer: here('src-main/trainer/worker.ts'),
          sampler: here('src-main/trainer/samplerWorker.ts'),
          decode: here('src-main/store/decode/worker.ts'),
        },
        // Flat, so that `new URL('./trainer.js', import.meta.url)` is right from every chunk.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20',
      outDir: 'out/preload',
      // A sandboxed preload can require nothing: everything it uses is in its one file.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: here('src-main/hosts/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: here('src-renderer'),
    plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
    build: {
      target: 'chrome120',
      minify: true,
      // One local program, not a page on a slow line: one file is simplest.
      chunkSizeWarningLimit: 1500,
      outDir: here('out/renderer'),
      rollupOptions: { input: here('src-renderer/index.html') },
      // Inlined assets would be data: scripts and styles, which the content security policy refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  },
});

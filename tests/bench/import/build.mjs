// Builds what the benchmark of imports takes from Ganvas, worker threads and all, as the program itself is built: `node tests/bench/import/build.mjs FOLDER`.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));
await build({
  root,
  configFile: false,
  logLevel: 'error',
  ssr: { noExternal: [/@tensorflow\/tfjs-(core|backend-cpu)/, '@bufbuild/protobuf', 'zod'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: process.argv[2],
    rollupOptions: {
      input: { entry: `${root}/tests/bench/import/entry.ts`, decode: `${root}/src-main/store/decode/worker.ts` },
      external: ['onnxruntime-node', 'sharp'],
      // Flat, so that the pool finds its worker beside it.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});

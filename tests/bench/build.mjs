// Builds what the benchmark takes from Ganvas, as the program itself is built: `node tests/bench/build.mjs FOLDER`.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  ssr: { noExternal: [/@tensorflow\/tfjs-(core|backend-cpu)/, '@bufbuild/protobuf', 'zod'] },
  build: {
    ssr: 'tests/bench/entry.ts',
    target: 'node20',
    outDir: process.argv[2],
    rollupOptions: { external: ['onnxruntime-node'], output: { entryFileNames: 'entry.mjs' } },
  },
});

// Builds what the benchmark, or another entry, takes from Ganvas's engine, as the program itself is built: `node tests/bench/build.mjs FOLDER [ENTRY]`.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

await build({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  ssr: { noExternal: [/@tensorflow\/tfjs-(core|backend-cpu)/, '@bufbuild/protobuf', 'zod'] },
  build: {
    ssr: process.argv[3] ?? 'tests/bench/entry.ts',
    target: 'node20',
    outDir: process.argv[2],
    rollupOptions: { external: ['onnxruntime-node'], output: { entryFileNames: 'entry.mjs' } },
  },
});

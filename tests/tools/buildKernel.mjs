// `npm run build:kernel`: makes src-main/store/decode/jpeg/kernelCode.ts of what lies in kernel/ beside it. A test compares the two.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileKernel, kernelModule } from './kernel.mjs';

const target = new URL('../../src-main/store/decode/jpeg/kernelCode.ts', import.meta.url);
writeFileSync(fileURLToPath(target), kernelModule(await compileKernel()));

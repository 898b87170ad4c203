/**
 * The inner loops of the JPEG decoder in AssemblyScript (TypeScript's words, WebAssembly's numbers): half an import's time is spent in them, and in JavaScript they take
 * twice as long. `npm run build:kernel` makes ../kernelCode.ts of them. All pointers are places in the one memory, which ../kernel.ts deals out.
 */
export { readUnits } from './units';
export { resample } from './resample';

/** Where memory begins that is nobody's. */
export const FREE: usize = __heap_base;

import asc from 'assemblyscript/asc';
import { readFileSync } from 'node:fs';

const folder = new URL('../../src-main/store/decode/jpeg/kernel/', import.meta.url);
/** Warning 112 is of vectors that host functions would be given: none is. */
const FLAGS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--disableWarning', '112'];

/** The JPEG decoder's inner loops as WebAssembly. Fails with the compiler's words. */
export async function compileKernel() {
  let code;
  const { error, stderr } = await asc.main(['index.ts', ...FLAGS, '--outFile', 'kernel.wasm'], {
    readFile: (name) => sourceOf(name),
    writeFile: (_name, contents) => void (code = contents),
    listFiles: () => [],
  });
  const said = stderr.toString();
  if (error || said !== '') throw error ?? new Error(said);
  return Buffer.from(code);
}

function sourceOf(name) {
  try {
    return readFileSync(new URL(name, folder), 'utf8');
  } catch {
    return null;
  }
}

export const kernelModule = (code) => `// Made of kernel/ by \`npm run build:kernel\`: not to be changed by hand.
export const kernelCode =
  '${code.toString('base64')}';
`;

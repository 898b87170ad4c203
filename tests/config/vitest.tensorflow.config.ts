import { defineConfig } from 'vitest/config';
import base from './vitest.config';

const [node] = base.test?.projects ?? [];
if (typeof node !== 'object' || !('test' in node)) throw new Error('the first project of the suite is Node’s');

/** What compares numbers, once more on TensorFlow; see tests/tensorflow/setup.ts. */
export default defineConfig({
  ...node,
  test: {
    ...node.test,
    name: 'tensorflow',
    include: [
      'tests/{reference,tensorflow}/**/*.test.ts',
      'src-main/gan/**/*.test.ts',
      'src-main/engine/*.test.ts',
      'src-main/engine/compiled/*.test.ts',
      'src-main/engine/compiled/emit/*.test.ts',
    ],
    setupFiles: ['tests/tensorflow/setup.ts'],
  },
});

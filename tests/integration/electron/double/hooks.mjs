// Resolves `electron` to the test double. Loaded twice: by register.mjs, and by Node in its thread of hooks.
import { register } from 'node:module';

export const registerHooks = () => register(import.meta.url);

export async function resolve(specifier, context, next) {
  if (specifier !== 'electron') return next(specifier, context);
  return { url: new URL('./electron.mjs', import.meta.url).href, shortCircuit: true };
}

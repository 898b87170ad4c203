import type { Kernel } from './kernel';

// A kernel is one file: what records it, checks it and emits it.
const modules = import.meta.glob<{ readonly kernels: readonly Kernel[] }>(['./emit/*.ts', '!./emit/*.test.ts'], {
  eager: true,
});

const registry = new Map<string, Kernel>();
for (const [path, { kernels }] of Object.entries(modules)) {
  for (const kernel of kernels) {
    if (registry.has(kernel.name)) throw new Error(`${path} defines ${kernel.name} a second time`);
    registry.set(kernel.name, kernel);
  }
}

/** Every kernel that the compiler can express, by name. */
export const kernelRegistry: ReadonlyMap<string, Kernel> = registry;

/** A kernel that the compiler itself makes nodes of. */
export function kernelNamed(name: string): Kernel {
  const kernel = registry.get(name);
  if (!kernel) throw new Error(`no kernel called ${name}`);
  return kernel;
}

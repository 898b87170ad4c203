import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Packages that bring TensorFlow's native library to TensorFlow.js, best first: whoever installs one gets it used, nobody has to. */
export const nativePackages = ['tfjs-node-gpu', 'tfjs-node'] as const;
export type NativePackage = (typeof nativePackages)[number];

/** Where such a package's binding lies in it: the newest Node-API that it is built for, which every Node of this program has. */
export const BINDING = 'lib/napi-v8/tfjs_binding.node';

export interface FoundPackage {
  readonly name: NativePackage;
  readonly folder: string;
  /** `program`: installed beside Ganvas's own dependencies; `home`: added by `ganvas engines add`. */
  readonly place: 'program' | 'home';
}

/** Workers and child processes inherit the folder by this variable. */
const ENGINES_FOLDER = 'GANVAS_ENGINES';

/** Says where `ganvas engines add` puts packages. To be called on the main thread, before a worker starts. */
export function announceEngines(folder: string): void {
  process.env[ENGINES_FOLDER] = folder;
  // TensorFlow tells on stderr which instructions it was compiled for; native code reads the main thread's variables alone.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}

/** The packages that are installed, in the order in which they are tried. Installed is not yet built: its binding may be missing. */
export function findNativePackages(): readonly FoundPackage[] {
  return nativePackages.flatMap((name) => [
    ...found(name, 'program', import.meta.url),
    ...found(name, 'home', join(process.env[ENGINES_FOLDER] ?? '/', name, 'package.json')),
  ]);
}

function found(name: NativePackage, place: FoundPackage['place'], from: string): readonly FoundPackage[] {
  try {
    const manifest = createRequire(from).resolve(`@tensorflow/${name}/package.json`);
    return [{ name, place, folder: dirname(manifest) }];
  } catch {
    return [];
  }
}

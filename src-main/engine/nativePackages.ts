import { nativeEngines, type NativeEngineId } from '#shared/contract/nativeEngines';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where such a package's binding lies in it: the newest Node-API that it is built for, which every Node of this program has. */
export const BINDING = 'lib/napi-v8/tfjs_binding.node';

export interface FoundPackage {
  readonly name: NativeEngineId;
  readonly folder: string;
  readonly version: string;
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
  const home = process.env[ENGINES_FOLDER];
  return nativeEngines.flatMap((name) => [
    ...found(name, 'program', `@tensorflow/${name}`),
    // By its path: a folder above may hold packages of other programs.
    ...(home === undefined ? [] : found(name, 'home', join(home, name, 'node_modules/@tensorflow', name))),
  ]);
}

const ofProgram = createRequire(import.meta.url);

function found(name: NativeEngineId, place: FoundPackage['place'], request: string): readonly FoundPackage[] {
  try {
    const manifest = ofProgram.resolve(`${request}/package.json`);
    const { version } = ofProgram(manifest) as { readonly version: string };
    return [{ name, place, folder: dirname(manifest), version }];
  } catch {
    return [];
  }
}

import type { NativeEngineId } from '#shared/contract/nativeEngines';
import { join, posix } from 'node:path';
import { BINDING } from '../engine/nativePackages';

/** The version of tfjs-node(-gpu), TensorFlow.js's own, and of the TensorFlow that is put under it. */
const TFJS = '4.22.0';
const TENSORFLOW = '2.21.0';
const NODE_API_HEADERS = '1.9.0';
/** The library is the same in the wheels of every Python; this one has wheels for all systems. */
const WHEELS_OF = '3.12';

/** Where things lie in an engine's folder. */
const PYTHON_FOLDER = 'python';
const LIBRARIES = posix.join(PYTHON_FOLDER, 'tensorflow');

/** One command, run in the engine's folder. */
export interface PlannedCommand {
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** What the machine has of what building needs; undefined what was not found. */
export interface BuildTools {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly npm: string | undefined;
  /** A Python with pip. */
  readonly python: string | undefined;
  readonly compiler: string | undefined;
  /** Whether NVIDIA's driver sees a GPU. */
  readonly nvidia: boolean;
  readonly node: string;
}

export type BuildPlan =
  | { readonly kind: 'build'; readonly commands: readonly PlannedCommand[] }
  | { readonly kind: 'byHand'; readonly obstacle: string; readonly commands: readonly PlannedCommand[] };

/** Where engines are added, in the program's home; the context tells the engine. */
export const enginesFolder = (home: string): string => join(home, 'engines');

export const packageFolder = (engine: NativeEngineId): string => posix.join('node_modules/@tensorflow', engine);

/** Gigabytes: the CPU's wheel, and the GPU's with NVIDIA's libraries. */
export const downloadGb = (engine: NativeEngineId): number => (engine === 'tfjs-node' ? 0.3 : 3);

/**
 * The folder's own package.json. The kernels' TensorFlow.js is lent to them by the program (nativeTensorFlow.ts), so a tenth of the union package will do:
 * its core, which has the same names.
 */
export const manifestOf = (engine: NativeEngineId) => ({
  private: true,
  dependencies: { [`@tensorflow/${engine}`]: TFJS, 'node-api-headers': NODE_API_HEADERS },
  overrides: { '@tensorflow/tfjs': `npm:@tensorflow/tfjs-core@${TFJS}` },
});

/**
 * How an engine comes into being. The package's own installation would fetch libtensorflow from Google's storage, of 2021 and for CUDA 11; its binding
 * builds as well against the library in today's PyPI wheel.
 */
export function planOf(engine: NativeEngineId, tools: BuildTools): BuildPlan {
  const obstacle = obstacleTo(engine, tools);
  const { npm, python, compiler, node } = tools;
  if (obstacle === undefined && npm && python && compiler) {
    return {
      kind: 'build',
      commands: [
        { title: 'Fetching tfjs-node’s kernels', program: npm, args: npmArgs },
        { title: 'Fetching TensorFlow', program: python, args: pipArgs(engine, tools.arch) },
        { title: 'Building the binding', program: compiler, args: compilerArgs(engine) },
        { title: 'Trying the binding', program: node, args: ['-e', tryIt(engine)] },
      ],
    };
  }
  const byItself = { title: '', program: 'npm', args: ['install', `@tensorflow/${engine}@${TFJS}`] };
  return { kind: 'byHand', obstacle: obstacle ?? '', commands: [byItself] };
}

function obstacleTo(engine: NativeEngineId, tools: BuildTools): string | undefined {
  const { platform, arch, npm, python, compiler, nvidia } = tools;
  if (platform !== 'linux' || !['x64', 'arm64'].includes(arch))
    return `it builds on Linux, this is ${platform} ${arch}`;
  if (engine === 'tfjs-node-gpu' && !nvidia) return 'no NVIDIA GPU was found (nvidia-smi lists none)';
  const missing = [
    npm ? [] : ['npm'],
    python ? [] : ['a Python with pip (python3 -m pip)'],
    compiler ? [] : ['a C++ compiler (c++)'],
  ].flat();
  return missing.length > 0 ? `it needs ${missing.join(' and ')}` : undefined;
}

const npmArgs = ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];

/** The GPU's wheel brings NVIDIA's libraries as dependencies; the CPU's needs none of its own. */
const pipArgs = (engine: NativeEngineId, arch: string): string[] => [
  ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--target', PYTHON_FOLDER],
  ...['--only-binary=:all:', '--implementation', 'cp', '--python-version', WHEELS_OF],
  ...(engine === 'tfjs-node-gpu'
    ? [`tensorflow[and-cuda]==${TENSORFLOW}`]
    : ['--no-deps', `${cpuWheel(arch)}==${TENSORFLOW}`]),
];

const cpuWheel = (arch: string): string => (arch === 'x64' ? 'tensorflow-cpu' : 'tensorflow');

/** As the package's binding.gyp has it, but linked with the wheel's libraries by a path relative to the binding, so that the folder may move. */
const compilerArgs = (engine: NativeEngineId): string[] => {
  const folder = packageFolder(engine);
  const back = posix.relative(posix.join(folder, posix.dirname(BINDING)), LIBRARIES);
  return [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...['-Inode_modules/node-api-headers/include', `-I${LIBRARIES}/include`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => posix.join(folder, 'binding', file)),
    ...[`-L${LIBRARIES}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', `-Wl,-rpath,$ORIGIN/${back}`],
    ...['-o', posix.join(folder, BINDING)],
  ];
};

/** In a process of its own, which a broken library may take down. */
const tryIt = (engine: NativeEngineId): string =>
  `const { TF_Version } = require('./${posix.join(packageFolder(engine), BINDING)}'); if (TF_Version !== '${TENSORFLOW}') throw new Error(TF_Version)`;

/** A command as a shell takes it. */
export const shellLine = ({ program, args }: PlannedCommand): string =>
  [program, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');

/** Entries of the folder of Python packages, and of TensorFlow's in it, that are needed after the build: 0.8 of 1.3 GB. */
export const keptAfterBuild = (name: string): boolean => name === 'tensorflow' || name === 'nvidia';
export const isLibrary = (name: string): boolean => /\.so(\.\d+)*$/.test(name);
export const folders = { python: PYTHON_FOLDER, libraries: LIBRARIES } as const;

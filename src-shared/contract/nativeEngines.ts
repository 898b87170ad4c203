/** Packages that bring TensorFlow's native library to the eager engine, best first. */
export const nativeEngines = ['tfjs-node-gpu', 'tfjs-node'] as const;
export type NativeEngineId = (typeof nativeEngines)[number];

/** What this machine has of such a package. */
export interface NativeEngine {
  readonly id: NativeEngineId;
  /** What it computes on, in words: “NVIDIA GPU (CUDA)”. */
  readonly computesOn: string;
  /** `incomplete`: the package lies there without its binding, as an installation leaves it whose scripts did not run. */
  readonly state: 'ready' | 'incomplete' | 'absent';
  /** Where it was found, and of what version. */
  readonly folder?: string;
  readonly version?: string;
  /** Command that adds it; shown to be run by the user, never run by a page. */
  readonly command: string;
}

export interface EnginesReport {
  readonly engines: readonly NativeEngine[];
  /** The package that the eager engine takes; undefined: TensorFlow.js's own JavaScript. */
  readonly used: NativeEngineId | undefined;
}

/** How a package would be added to this machine: what is run, or why it is left to its owner. */
export interface EnginePlan {
  readonly engine: NativeEngineId;
  /** Folder that everything goes into. */
  readonly folder: string;
  /** Commands as a shell would take them; those that Ganvas runs, or those to be run by hand. */
  readonly commands: readonly string[];
  /** Why it is to be done by hand; undefined where Ganvas does it. */
  readonly obstacle?: string;
  /** What is fetched, gigabytes. */
  readonly downloadGb: number;
}

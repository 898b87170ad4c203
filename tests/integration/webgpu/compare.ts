import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '#shared/recipe/recipe';
import * as ort from 'onnxruntime-node';
import { cpuForms } from '../../../src-main/engine/compiled/blockedConvolution';
import { formsKey, problemsOf } from '../../../src-main/engine/compiled/forms';
import { stepGraph } from '../../../src-main/engine/compiled/stepModel';
import type { EngineOptions, FormMemory, StepResult, TrainingState } from '../../../src-main/engine/engine';
import { engineFor } from '../../../src-main/engine/engines';
import { trialBatch } from '../../../src-main/engine/trial';
import { buildNetworks, initialState, type Judging } from '../../../src-main/gan/network';

const BATCH = 4;

/** How a step's heavy operators are written on WebGPU: as usual, as the tuner finds fastest, or in the last of the other ways. */
export const kindsOfForms = ['usual', 'tuned', 'last'] as const;
export type Forms = (typeof kindsOfForms)[number];

export interface StepsReport {
  /** Largest difference of any figure or vector of the state between the two, as a part of the vector’s largest number or of 1. */
  readonly difference: number;
  /** The same of the average of G, where the recipe keeps one. */
  readonly averageDifference?: number;
  /** Each kind of node that ran elsewhere than on WebGPU. */
  readonly fallen: readonly string[];
  /** How many nodes ran on WebGPU. */
  readonly nodes: number;
  /** How many tensors a step's own nodes fetched from the device. */
  readonly fetched: number;
  /** Numbers that the steps gave out on the host. */
  readonly reported: number;
  /** How many problems of the step have a form that was found or chosen for them. */
  readonly forms: number;
  /** How D was found to look at reals and fakes fastest, where both ways were timed. */
  readonly judging?: Judging;
  /** The same for the same bits of everything that was trained on WebGPU. */
  readonly digest: string;
  /** Whether the steps changed what the networks learn: else their agreement says nothing. */
  readonly learned: boolean;
}

type Options = ort.InferenceSession.SessionOptions;
type Create = (model: Uint8Array, options: Options) => Promise<ort.InferenceSession>;
type Run = (...args: readonly unknown[]) => Promise<ort.InferenceSession.OnnxValueMapType>;

/** Where sessions on WebGPU write down their nodes while two are compared, and how many numbers they gave out on the host. */
const watch = { profiles: '', reported: 0 };

/**
 * Has each session on WebGPU refuse a model of which it cannot run everything, and write down where its nodes ran. One that was refused is loaded
 * all the same, so that its nodes on the CPU are named.
 */
function watchSessions(runtime: { InferenceSession: { create: Create } }): void {
  const create = runtime.InferenceSession.create.bind(runtime.InferenceSession);
  runtime.InferenceSession.create = async (model, options) => {
    const onGpu = JSON.stringify(options.executionProviders).includes('webgpu');
    if (!onGpu || watch.profiles === '') return create(model, options);
    const watched = { ...options, enableProfiling: true, profileFilePrefix: join(watch.profiles, 'session') };
    const session = await create(model, { ...watched, extra: { session: { disable_cpu_ep_fallback: '1' } } }).catch(
      (error: unknown) => {
        if (!String(error).includes('fallback')) throw error;
        return create(model, watched);
      },
    );
    const running = session as unknown as { run: Run };
    const run = running.run.bind(session);
    running.run = async (...args) => {
      const outputs = await run(...args);
      for (const { location, size } of Object.values(outputs)) if (location === 'cpu') watch.reported += size;
      return outputs;
    };
    return session;
  };
}

watchSessions(ort as unknown as Parameters<typeof watchSessions>[0]);

async function train(recipe: Recipe, steps: number, options: EngineOptions) {
  const session = await engineFor('compiled').trainSession(recipe, BATCH, initialState(recipe, 1), options);
  const results: StepResult[] = [];
  for (let step = 0; step < steps; step++) results.push(await session.step(trialBatch(recipe, BATCH, step)));
  const { reported } = watch;
  const state = await session.readState();
  await session.close();
  return { figures: results.flatMap((result) => Object.values(result) as number[]), state, reported };
}

const onWebGpu = { provider: 'webgpu', threads: 2 } as const;

/** A memory of forms for a recipe's step on WebGPU: filled as a first start fills it, or by hand. */
async function knownForms(recipe: Recipe, wanted: Forms): Promise<Map<string, string>> {
  const known = new Map<string, string>();
  if (wanted === 'usual') return known;
  if (wanted === 'tuned') {
    const memory: FormMemory = {
      read: () => Promise.resolve(new Map()),
      write: (_provider, found) => Promise.resolve(found.forEach((forms, key) => known.set(key, forms))),
    };
    const session = await engineFor('compiled').trainSession(recipe, BATCH, initialState(recipe, 1), {
      ...onWebGpu,
      forms: memory,
    });
    await session.close();
    return known;
  }
  for (const { key, candidates } of problemsOf(stepGraph(buildNetworks(recipe), BATCH))) {
    const runs = candidates.filter((forms) => !forms.some((form) => cpuForms.has(form)));
    known.set(key, formsKey(runs.at(-1) ?? []));
  }
  return known;
}

/** Refuses to be told of anything new: what was tuned once is not tuned again. */
const keeping = (known: ReadonlyMap<string, string>): Pick<EngineOptions, 'forms'> => {
  const write = (_provider: string, forms: ReadonlyMap<string, string>) =>
    forms.size > known.size ? Promise.reject(new Error('it was tuned again')) : Promise.resolve();
  return known.size === 0 ? {} : { forms: { read: () => Promise.resolve(known), write } };
};

function judgingIn(known: ReadonlyMap<string, string>): Pick<StepsReport, 'judging'> {
  const found = [...known].find(([problem]) => problem.startsWith('Discriminator('))?.[1];
  return found === 'apart' || found === 'together' ? { judging: found } : {};
}

function digestOf(vectors: readonly ArrayLike<number>[]): string {
  const hash = createHash('sha256');
  for (const vector of vectors) hash.update(new Uint8Array(Float64Array.from(vector).buffer));
  return hash.digest('hex');
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  const scale = Array.from(a).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = Array.from(a).reduce((worst, value, index) => {
    const apart = Math.abs(value - (b[index] as number));
    return Math.max(worst, Number.isNaN(apart) ? Infinity : apart);
  }, 0);
  return worst / scale;
}

const vectors = ({ generator, discriminator, encoder }: TrainingState): Float32Array[] =>
  [generator, discriminator, encoder].flatMap((network): Float32Array[] => (network ? Object.values(network) : []));

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly args: { readonly provider?: string; readonly op_name?: string };
}

/** Where the nodes of all sessions ran. Copies are no nodes of a model. */
function places(profiles: string): Pick<StepsReport, 'fallen' | 'nodes' | 'fetched'> {
  const events = readdirSync(profiles).flatMap(
    (file) => JSON.parse(readFileSync(join(profiles, file), 'utf8')) as ProfileEvent[],
  );
  const runs = events.filter(({ cat, name: event }) => cat === 'Node' && event.endsWith('_kernel_time'));
  const [copies, nodes] = [true, false].map((copy) =>
    runs.filter(({ args }) => (args.op_name?.startsWith('Memcpy') ?? false) === copy),
  );
  const elsewhere = nodes?.filter(({ args }) => args.provider !== 'WebGpuExecutionProvider') ?? [];
  return {
    fallen: [...new Set(elsewhere.map(({ args }) => `${args.op_name} on ${args.provider}`))],
    nodes: (nodes?.length ?? 0) - elsewhere.length,
    fetched: copies?.filter(({ args }) => args.op_name === 'MemcpyToHost').length ?? 0,
  };
}

/** Trains a recipe on the CPU, then on WebGPU. */
export async function compare(recipe: Recipe, steps: number, forms: Forms): Promise<StepsReport> {
  const known = await knownForms(recipe, forms);
  watch.profiles = mkdtempSync(join(tmpdir(), 'ganvas-profile-'));
  watch.reported = 0;
  try {
    const onCpu = await train(recipe, steps, { provider: 'cpu', threads: 2 });
    const onGpu = await train(recipe, steps, { ...onWebGpu, ...keeping(known) });
    const [a, b] = [onCpu, onGpu].map(({ figures, state }) => [figures, ...vectors(state)]);
    const start = initialState(recipe, 1);
    return {
      difference: Math.max(...(a ?? []).map((vector, index) => difference(vector, b?.[index] ?? []))),
      ...(onCpu.state.ema && {
        averageDifference: Math.max(
          difference(onCpu.state.ema.weights, onGpu.state.ema?.weights ?? []),
          difference(onCpu.state.ema.running, onGpu.state.ema?.running ?? []),
        ),
      }),
      ...places(watch.profiles),
      reported: onGpu.reported,
      forms: known.size,
      ...judgingIn(known),
      digest: digestOf(b ?? []),
      learned: difference(start.generator.weights, onGpu.state.generator.weights) > 0.005,
    };
  } finally {
    rmSync(watch.profiles, { recursive: true, force: true });
    watch.profiles = '';
  }
}

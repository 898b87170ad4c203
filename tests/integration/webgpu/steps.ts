import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recipe } from '#shared/recipe/recipe';
import * as ort from 'onnxruntime-node';
import { examineDevices } from '../../../src-main/engine/doctor';
import { engineFor } from '../../../src-main/engine/engines';
import type { StepResult, TrainingState } from '../../../src-main/engine/engine';
import { trialBatch } from '../../../src-main/engine/trial';
import { initialState } from '../../../src-main/gan/network';
import { recipes } from './recipes';

/**
 * A program of its own (a driver that crashes must not take the tests with it): trains the recipe that is named as its argument on the CPU, then on
 * WebGPU, and prints what came of both as a line of JSON; without one, what the short examination of the machine finds.
 */

const BATCH = 4;
const STEPS = 5;

export interface StepsReport {
  /** Largest difference of any figure or vector of the state between the two. */
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
}

const profiles = mkdtempSync(join(tmpdir(), 'ganvas-profile-'));
let reported = 0;

type Create = (model: Uint8Array, options: ort.InferenceSession.SessionOptions) => Promise<ort.InferenceSession>;
type Run = (...args: readonly unknown[]) => Promise<ort.InferenceSession.OnnxValueMapType>;

/** Has each session on WebGPU refuse a model of which it cannot run everything, and write down where its nodes ran. */
function watchSessions(runtime: { InferenceSession: { create: Create } }): void {
  const create = runtime.InferenceSession.create.bind(runtime.InferenceSession);
  runtime.InferenceSession.create = async (model, options) => {
    if (!JSON.stringify(options.executionProviders).includes('webgpu')) return create(model, options);
    const session = await create(model, {
      ...options,
      extra: { session: { disable_cpu_ep_fallback: '1' } },
      enableProfiling: true,
      profileFilePrefix: join(profiles, 'session'),
    });
    const watched = session as unknown as { run: Run };
    const run = watched.run.bind(session);
    watched.run = async (...args) => {
      const outputs = await run(...args);
      for (const { location, size } of Object.values(outputs)) if (location === 'cpu') reported += size;
      return outputs;
    };
    return session;
  };
}

async function train(recipe: Recipe, provider: 'cpu' | 'webgpu') {
  const session = await engineFor('compiled').trainSession(recipe, BATCH, initialState(recipe, 1), {
    provider,
    threads: 2,
  });
  const results: StepResult[] = [];
  for (let step = 0; step < STEPS; step++) results.push(await session.step(trialBatch(recipe, BATCH, step)));
  const onHost = reported;
  const state = await session.readState();
  await session.close();
  return { figures: results.flatMap((result) => Object.values(result) as number[]), state, reported: onHost };
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((worst, value, index) => {
    const apart = Math.abs(value - (b[index] as number));
    return Math.max(worst, Number.isNaN(apart) ? Infinity : apart);
  }, 0);
}

const vectors = ({ generator, discriminator, encoder }: TrainingState): Float32Array[] =>
  [generator, discriminator, encoder].flatMap((network): Float32Array[] => (network ? Object.values(network) : []));

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly args: { readonly provider?: string; readonly op_name?: string };
}

/** Where the nodes of all sessions ran. Copies are no nodes of a model. */
function places(): Pick<StepsReport, 'fallen' | 'nodes' | 'fetched'> {
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

async function compare(recipe: Recipe): Promise<StepsReport> {
  watchSessions(ort as unknown as Parameters<typeof watchSessions>[0]);
  const onCpu = await train(recipe, 'cpu');
  const onGpu = await train(recipe, 'webgpu');
  const [a, b] = [onCpu, onGpu].map(({ figures, state }) => [figures, ...vectors(state)]);
  return {
    difference: Math.max(...(a ?? []).map((vector, index) => difference(vector, b?.[index] ?? []))),
    ...(onCpu.state.ema && {
      averageDifference: Math.max(
        difference(onCpu.state.ema.weights, onGpu.state.ema?.weights ?? []),
        difference(onCpu.state.ema.running, onGpu.state.ema?.running ?? []),
      ),
    }),
    ...places(),
    reported: onGpu.reported,
  };
}

const name = process.argv[2] ?? '';
const recipe = recipes[name]?.();
const report = recipe ? await compare(recipe) : await examineDevices(() => undefined);
rmSync(profiles, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify(report)}\n`);

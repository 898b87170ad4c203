import { shapeSize } from '#shared/recipe/layerKind';
import { fillRandom } from '#shared/math/random';
import type { Tensor } from 'onnxruntime-node';
import type { EngineOptions } from '../engine';
import { cpuForms } from './blockedConvolution';
import { formsKey, graphOf, problemsOf, usualForms, type KnownForms, type Problem } from './forms';
import type { Graph } from './graph';
import { emitModel } from './model';
import { onnxRuntime } from './runtime';
import { ModelSession } from './session';

/** Runs before the first that counts, the fewest that count, and the time after which a candidate has been timed enough. */
const WARM_UP = 2;
const RUNS = 4;
const ENOUGH_MS = 25;
/** Another form is taken only where it needs at most this part of the usual one's time: timings of busy machines are not to be trusted further. */
const CLEARLY_FASTER = 0.9;
/**
 * Largest difference from the usual form's result, as a fraction of its largest number; a provider's kernel may be plainly wrong. Right forms in float32
 * differ by at most 1.3e-6 (measured in all of the presets' steps on a CPU; 6e-7 in the trial's on WebGPU), wrong ones by 1 and more; and a form must not
 * use up what a whole step may differ from the CPU's, 1e-3.
 */
const TOLERANCE = 1e-4;

/** Told before each problem that is tried, and waited for, as OnPhase is. */
export type OnTuning = (done: number, total: number) => void | Promise<void>;

/**
 * Times the forms of every problem of a graph that is not yet known, on the very shapes and provider, and returns all that is known then. A form that
 * the provider refuses, or gets wrong, is out of the running.
 */
export async function tune(
  graph: Graph,
  options: EngineOptions,
  known: KnownForms,
  onTuning?: OnTuning,
): Promise<KnownForms> {
  const open = problemsOf(graph).filter(({ key }) => !known.has(key));
  const found = new Map(known);
  for (const [index, problem] of open.entries()) {
    await onTuning?.(index, open.length);
    const best = await fastest(problem, options);
    if (best) found.set(problem.key, formsKey(best));
  }
  return found;
}

/** All are compared with the plainest, and have to be clearly faster than the usual. Undefined where the provider runs none of them: nothing is to be remembered then. */
async function fastest(problem: Problem, options: EngineOptions): Promise<readonly string[] | undefined> {
  const runs = (form: string) => options.provider === 'cpu' || !cpuForms.has(form);
  const [plain, ...others] = problem.candidates.filter((forms) => forms.every(runs));
  if (!plain) return undefined;
  const usual = usualForms(problem, options.provider);
  const reference = await timeForms(problem, plain, options);
  let expected = reference?.results;
  const trials = reference ? [{ forms: plain, ms: reference.ms }] : [];
  for (const forms of others) {
    // With the wrong block it computes nonsense: it is never the first.
    if (!expected && forms.some((form) => cpuForms.has(form))) continue;
    const trial = await timeForms(problem, forms, options, expected);
    expected ??= trial?.results;
    if (trial) trials.push({ forms, ms: trial.ms });
  }
  const best = trials.reduce<(typeof trials)[number] | undefined>((a, b) => (a && a.ms <= b.ms ? a : b), undefined);
  const known = trials.find(({ forms }) => forms === usual);
  if (!best || !known || best.forms === usual) return best?.forms;
  if (best.ms >= CLEARLY_FASTER * known.ms) return usual;
  // Somebody else's work may have hit the usual form alone: another one has to win twice.
  const again = await timeForms(problem, usual, options);
  const confirmed = await timeForms(problem, best.forms, options);
  return again && confirmed && confirmed.ms < CLEARLY_FASTER * again.ms ? best.forms : usual;
}

interface Trial {
  readonly ms: number;
  readonly results: readonly Float32Array[];
}

/** A candidate's best time, and its results; undefined where the provider cannot run it, or does not get what is expected. */
export async function timeForms(
  problem: Problem,
  forms: readonly string[],
  options: EngineOptions,
  expected?: readonly Float32Array[],
): Promise<Trial | undefined> {
  const { graph, nodes } = graphOf(problem);
  const choice = new Map(nodes.map((node, index) => [node, forms[index] ?? '']));
  let session: ModelSession | undefined;
  try {
    session = await ModelSession.load(emitModel(graph, { name: 'form', forms: choice }), options);
    const inputs = await inputsOf(graph);
    const outcome = await session.run(inputs);
    const results = graph.outputs.map(({ name }) => (outcome[name] as Tensor).data as Float32Array);
    if (expected && !agree(expected, results)) return undefined;
    for (let run = 1; run < WARM_UP; run++) await session.run(inputs);
    let ms = Infinity;
    const began = performance.now();
    for (let run = 0; run < RUNS || performance.now() - began < ENOUGH_MS; run++) {
      const start = performance.now();
      await session.run(inputs);
      ms = Math.min(ms, performance.now() - start);
    }
    return { ms, results };
  } catch {
    return undefined;
  } finally {
    await session?.release();
  }
}

async function inputsOf(graph: Graph): Promise<Readonly<Record<string, Tensor>>> {
  const { Tensor } = await onnxRuntime();
  const tensors = graph.inputs.map(({ shape, origin }, index) => {
    const numbers = fillRandom(new Float32Array(shapeSize(shape)), 'uniform', index + 1, 1);
    return [origin.kind === 'input' ? origin.name : '', new Tensor('float32', numbers, shape)];
  });
  return Object.fromEntries(tensors) as Record<string, Tensor>;
}

function agree(expected: readonly Float32Array[], got: readonly Float32Array[]): boolean {
  return expected.every((numbers, output) => {
    const others = got[output];
    const size = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return numbers.every((value, index) => Math.abs(value - (others?.[index] ?? NaN)) <= TOLERANCE * size);
  });
}

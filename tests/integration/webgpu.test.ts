import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '#shared/contract/types';
import { AugmentationSettings } from '#shared/recipe/augmentation';
import { checkRecipe } from '#shared/recipe/check';
import { consistencyChoices } from '#shared/recipe/consistency';
import { DiscriminatorNoiseSettings } from '#shared/recipe/discriminatorNoise';
import type { LayerKind } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { lossChoices } from '#shared/recipe/loss';
import { optimizerChoices } from '#shared/recipe/optimizer';
import type { Recipe } from '#shared/recipe/recipe';
import { regularizerChoices } from '#shared/recipe/regularizer';
import { softwareGpu } from '../tools/softwareGpu';
import type { Forms } from './webgpu/compare';
import { changedRecipes, FORMED, lossRecipes, recipes, UNMIXED } from './webgpu/recipes';
import type { Walked } from './webgpu/steps';

/**
 * WebGPU proved on a GPU in software: each recipe in a process of its own, one after the other (several sessions of WebGPU at once have crashed). The
 * driver compiles hundreds of programs first, which takes seconds.
 */
const TIMEOUT_MS = 300_000;

const gpu = await softwareGpu();
if ('missing' in gpu) console.log(`skipped: WebGPU on a software GPU (${gpu.missing})`);

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = fileURLToPath(new URL('../artifacts/webgpu', import.meta.url));

/** Runs Node with the software GPU; what it printed. */
async function runNode(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...('env' in gpu ? gpu.env : {}), ORT_DISABLE_TELEMETRY: '1' };
  const child = spawn(process.execPath, args, { cwd: root, env });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (complaints += String(text)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code ?? signal}: ${complaints}`);
  return output;
}

beforeAll(async () => {
  if ('env' in gpu) await runNode('tests/bench/build.mjs', outDir, 'tests/integration/webgpu/steps.ts');
}, TIMEOUT_MS);

const STEPS = 5;

/** What came of each recipe, trained in a process of its own. */
async function walk(forms: Forms, ...names: readonly string[]): Promise<Walked[]> {
  const output = await runNode(`${outDir}/entry.mjs`, forms, String(STEPS), ...names);
  return output.trim().split('\n').map((line) => JSON.parse(line) as Walked); // prettier-ignore
}

const DIFFERENCE = 1e-3;

describe.skipIf('missing' in gpu)('on WebGPU, five steps equal those on the CPU, and every node runs there', () => {
  it.each([
    ['dcgan-32', { fetchedEachStep: 0, average: false }],
    // The flag of the If is looked at by the host.
    ['studio-32', { fetchedEachStep: 1, average: true }],
    ['gradient penalty, two updates of D', { fetchedEachStep: 0, average: true }],
  ])(
    '%s',
    async (recipe, { fetchedEachStep, average }) => {
      const [walked] = await walk('usual', recipe);
      const report = walked && 'report' in walked ? walked.report : expect.fail(JSON.stringify(walked));
      expect(report.fallen).toEqual([]);
      expect(report.nodes).toBeGreaterThan(STEPS * 100);
      expect(report.difference).toBeLessThan(DIFFERENCE);
      // The weights stay on the device: a step fetches its four figures.
      expect(report.reported).toBe(STEPS * 4);
      expect(report.fetched).toBe(STEPS * fetchedEachStep);
      if (average) expect(report.averageDifference).toBeLessThan(1e-4);
      else expect(report.averageDifference).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});

/** What is wrong with what came of a recipe, in words; nothing where all is well. */
function complaintsOf(walked: Walked): string[] {
  if ('problem' in walked) return [`${walked.name}: ${walked.problem}`];
  const { fallen, nodes, difference, learned } = walked.report;
  return [
    ...fallen.map((node) => `${walked.name}: ${node}`),
    ...(nodes > 0 ? [] : [`${walked.name}: nothing ran on WebGPU`]),
    ...(difference < DIFFERENCE ? [] : [`${walked.name}: ${difference} from the CPU’s`]),
    ...(learned ? [] : [`${walked.name}: learned nothing`]),
  ];
}

describe.skipIf('missing' in gpu)('every kind of layer runs on WebGPU, forward and backward, as on the CPU', () => {
  // Few networks, for what takes time is that each compiles its operators; where one fails, its layers are tried alone to find which.
  const networks: readonly (readonly LayerKind['group'][])[] = [
    ['dense', 'convolution'],
    ['normalisation', 'join'],
    ['activation', 'regularisation', 'shape'],
  ];
  const kindsOf = (groups: readonly LayerKind['group'][]): string[] =>
    [...layerKinds.values()].filter(({ group }) => groups.includes(group)).map(({ id }) => id);

  it('none is left out', () => {
    expect(networks.flatMap(kindsOf).sort()).toEqual([...layerKinds.keys()].sort());
  });

  it.each(networks.map((groups) => [groups.join(', '), kindsOf(groups)] as const))(
    'of %s',
    async (_groups, kinds) => {
      const together = (await walk('usual', kinds.join('+'))).flatMap(complaintsOf);
      if (together.length === 0) return;
      const alone = (await walk('usual', ...kinds)).flatMap(complaintsOf);
      expect(alone.length > 0 ? alone : together).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf('missing' in gpu)('every loss and penalty runs on WebGPU as on the CPU', () => {
  it('none is left out', () => {
    const walked = Object.values({ ...recipes, ...lossRecipes }).map((recipe) => recipe());
    expect(new Set(walked.map(({ loss }) => loss.kind))).toEqual(new Set(Object.keys(lossChoices)));
    expect(new Set(walked.map(({ regularizer }) => regularizer.kind))).toEqual(
      new Set(Object.keys(regularizerChoices)),
    );
    expect(walked.flatMap((recipe) => checkRecipe(recipe).problems)).toEqual([]);
  });

  it.each(Object.keys(lossRecipes))(
    '%s',
    async (name) => {
      expect((await walk('usual', name)).flatMap(complaintsOf)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf('missing' in gpu)('all else that a recipe says of training runs on WebGPU as on the CPU', () => {
  const EVERYTHING = 'all of it together';
  const digests = new Map<string, string>();

  it('no optimiser, consistency or change of pictures is left out, nor any noise, clipping or micro-batches', () => {
    const walked = Object.values({ ...recipes, ...changedRecipes }).map((recipe) => recipe());
    const kinds = (part: (recipe: Recipe) => string) => new Set(walked.map(part));
    expect(kinds(({ optimizers }) => optimizers.discriminator.kind)).toEqual(new Set(Object.keys(optimizerChoices)));
    expect(kinds(({ consistency }) => consistency.kind)).toEqual(new Set(Object.keys(consistencyChoices)));
    const isSet = (part: 'augmentation' | 'discriminatorNoise', name: string) =>
      walked.some((recipe) => Number(Object.entries(recipe[part]).find(([key]) => key === name)?.[1]) > 0);
    for (const name of Object.keys(AugmentationSettings.shape)) expect(isSet('augmentation', name), name).toBe(true);
    for (const name of Object.keys(DiscriminatorNoiseSettings.shape)) {
      expect(isSet('discriminatorNoise', name), name).toBe(true);
    }
    const clipped = walked.map(({ clipping }) => clipping.discriminator);
    expect([clipped.some(({ value }) => value > 0), clipped.some(({ norm }) => norm > 0)]).toEqual([true, true]);
    expect(walked.some(({ training }) => training.microBatches > 1)).toBe(true);
  });

  it.each(Object.keys(changedRecipes))(
    '%s',
    async (name) => {
      const [walked] = await walk('usual', name);
      expect(walked && complaintsOf(walked)).toEqual([]);
      if (walked && 'report' in walked) digests.set(name, walked.report.digest);
    },
    TIMEOUT_MS,
  );

  it(
    'the same seed gives the same bits in another process',
    async () => {
      const [walked] = await walk('usual', EVERYTHING);
      expect(walked && 'report' in walked && walked.report.digest).toBe(digests.get(EVERYTHING));
    },
    TIMEOUT_MS,
  );
});

describe.skipIf('missing' in gpu)('on WebGPU a step is as right in other forms', () => {
  // As every first start does it, and then all operators as they are least often written, whatever is fastest here.
  it.each([
    ['tuned', FORMED, []],
    ['last', FORMED, []],
    // Both ways are timed on the device, and the faster one trains.
    ['tuned', UNMIXED, ['apart', 'together']],
  ] as const)(
    '%s ones: %s',
    async (forms, recipe, judgings) => {
      const [walked] = await walk(forms, recipe);
      expect(walked && complaintsOf(walked)).toEqual([]);
      const report = walked && 'report' in walked ? walked.report : expect.fail(JSON.stringify(walked));
      expect(report.forms).toBeGreaterThan(3);
      if (judgings.length === 0) expect(report.judging).toBeUndefined();
      else expect(judgings).toContain(report.judging);
    },
    TIMEOUT_MS,
  );
});

it.skipIf('missing' in gpu)(
  'the examination before a first start finds WebGPU right, and what to take',
  async () => {
    const { findings, best } = JSON.parse(await runNode(`${outDir}/entry.mjs`)) as DoctorReport;
    const statusOf = (provider: string) => findings.find((finding) => finding.provider === provider)?.status;
    expect([statusOf('webgpu'), statusOf('cpu')]).toEqual(['right', 'right']);
    expect(best.engine).toBe('compiled');
  },
  TIMEOUT_MS,
);

import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { AugmentationSettings } from '#shared/recipe/augmentation';
import { checkRecipe } from '#shared/recipe/check';
import { shapesOf, type LayerKind, type Shape } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { Recipe, type LayerNode } from '#shared/recipe/recipe';
import { RegularizerSettings } from '#shared/recipe/regularizer';
import { trialRecipe } from '../../src-main/engine/trial';
import { loadNewestCheckpoint } from '../../src-main/store/checkpoints';
import { ganvas, startGanvas } from '../tools/commandLine';

/** The same seed and provider give the same bits: runs in processes of their own, with everything in the recipe that draws lots. */

const BATCH = 4;
const STEPS = 600;
/** Enough for any difference to have come into the weights. */
const FEW = 20;

/** Every layer of the registry that draws noise, and may stand there. */
function drawing(network: 'generator' | 'discriminator', shape: Shape): LayerNode[] {
  const keeps = (kind: LayerKind): boolean => {
    if (kind.joins || (kind.onlyIn && kind.onlyIn !== network) || !kind.noise) return false;
    const { output, noise } = shapesOf(kind, [shape], kind.settings.parse({}), 2);
    return noise !== undefined && output.join() === shape.join();
  };
  const kinds = [...layerKinds.values()].filter(keeps);
  return kinds.map(({ id }, index) => ({ id: `lots-${index}`, kind: id, settings: {} }));
}

/** Every augmentation that there is, at the first value that its setting takes. */
const everyAugmentation = (): Recipe['augmentation'] =>
  AugmentationSettings.parse(
    Object.fromEntries(
      Object.entries(AugmentationSettings.shape).map(([name, setting]) => [
        name,
        [true, 0.125, 1].find((value) => setting.safeParse(value).success),
      ]),
    ),
  );

function noisyRecipe(): Recipe {
  const recipe = trialRecipe(4);
  const [first, ...rest] = recipe.discriminator;
  return Recipe.parse({
    ...recipe,
    generator: recipe.generator.flatMap((node) =>
      node.kind === 'reshape' ? [node, ...drawing('generator', [4, 4, 8])] : [node],
    ),
    discriminator: [first as LayerNode, ...drawing('discriminator', [8, 8, 4]), ...rest],
    augmentation: everyAugmentation(),
    // The one penalty with lots of its own: a place between each real and each generated picture.
    regularizer: RegularizerSettings.parse({ kind: 'gradientPenalty' }),
    training: { ...recipe.training, discriminatorSteps: 2, emaHalfLife: 100, steps: STEPS },
  });
}

let folder: string;
let original: string;
const home = () => join(folder, 'home');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  original = join(folder, 'original');
  expect(await ganvas(home(), 'new', original, '--preset', 'dcgan-32')).toMatchObject({ code: 0 });
  expect(await ganvas(home(), 'import', original, 'sample', '--size', '16')).toMatchObject({ code: 0 });
  await writeFile(join(original, 'recipe.json'), JSON.stringify(noisyRecipe()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const args = (project: string, steps: number) => ['train', project, '--steps', `${steps}`, '--batch', `${BATCH}`, '--seed', '9']; // prettier-ignore

async function copy(name: string): Promise<string> {
  const project = join(folder, name);
  await cp(original, project, { recursive: true });
  return project;
}

/** The bytes of the newest checkpoint's vectors, after the header, which also holds how many seconds it took. */
async function newestBytes(project: string, id = '0001'): Promise<Buffer> {
  const run = join(project, 'runs', id);
  const { checkpoint } = await loadNewestCheckpoint(run, { readOnly: true });
  const { step } = checkpoint?.state ?? { step: -1 };
  const file = await readFile(join(run, 'checkpoints', String(step), 'state.safetensors'));
  return file.subarray(8 + Number(file.readBigUInt64LE(0)));
}

/** What Ganvas notes of the forms that it computes in, for a home or a run. */
const FormsNote = z.object({
  version: z.literal(2),
  machines: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))),
});

/** A home that has found every form of `from`'s to be slower than another one, as another day's timing may have it. */
async function homeOfOtherForms(from: string, name: string): Promise<string> {
  const note = FormsNote.parse(JSON.parse(await readFile(join(from, 'forms.json'), 'utf8')));
  const other = (problem: string, forms: string): string => {
    const choices = [...problem.matchAll(/\(([^)]*)\)/g)].map(([, names = '']) => names.split('|'));
    // The blocked ones are not right on every processor.
    const instead = (form: string, at: number) =>
      choices[at]?.find((one) => one !== form && !one.startsWith('blocked')) ?? form;
    return forms.split(' + ').map(instead).join(' + ');
  };
  for (const forms of Object.values(note.machines).flatMap((providers) => Object.values(providers))) {
    for (const [problem, form] of Object.entries(forms)) forms[problem] = other(problem, form);
  }
  const made = join(folder, name);
  await mkdir(made);
  await writeFile(join(made, 'forms.json'), JSON.stringify(note));
  return made;
}

it('has every kind of lot in its recipe', () => {
  const recipe = noisyRecipe();
  expect(checkRecipe(recipe).problems).toEqual([]);
  const kinds = [...recipe.generator, ...recipe.discriminator].map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['dropout', 'gaussianNoise']));
  expect(Object.values(recipe.augmentation).every(Boolean)).toBe(true);
});

it('trains to the same bits twice, and once more with a break, and to others from another seed', async () => {
  const [once, again, broken, other] = await Promise.all(['once', 'again', 'broken', 'other'].map(copy)) as [string, string, string, string]; // prettier-ignore
  for (const project of [once, again]) {
    const { code, stderr } = await ganvas(home(), ...args(project, STEPS));
    expect(code, stderr).toBe(0);
  }
  const bytes = await newestBytes(once);
  expect(bytes.length).toBeGreaterThan(10_000);
  expect((await newestBytes(again)).equals(bytes)).toBe(true);

  // Interrupted by Ctrl-C wherever it happens to be, then taken up by another process.
  const { child, finished } = startGanvas(home(), args(broken, STEPS), () => child.kill('SIGINT'));
  expect(await finished).toMatchObject({ code: 0 });
  const { checkpoint } = await loadNewestCheckpoint(join(broken, 'runs/0001'), { readOnly: true });
  const reached = checkpoint?.state.step ?? 0;
  expect(reached).toBeGreaterThan(0);
  expect(reached).toBeLessThan(STEPS);
  expect(await ganvas(home(), ...args(broken, STEPS - reached))).toMatchObject({ code: 0 });
  expect((await newestBytes(broken)).equals(bytes)).toBe(true);

  const elsewhere = args(other, STEPS).with(-1, '10');
  expect(await ganvas(home(), ...elsewhere)).toMatchObject({ code: 0 });
  expect((await newestBytes(other)).equals(bytes)).toBe(false);
  expect((await readdir(join(once, 'runs'))).length).toBe(1);
});

/** Trains a project for {@link FEW} steps in a home; what its newest run has learned. */
async function trained(at: string, project: string, ...more: readonly string[]): Promise<Buffer> {
  const { code, stderr } = await ganvas(at, ...args(project, FEW), ...more);
  expect(code, stderr).toBe(0);
  return newestBytes(project, (await readdir(join(project, 'runs'))).toSorted().at(-1));
}

it('that is given a seed trains to the same bits in any project and home, whatever was found fastest there', async () => {
  const [tuned, other] = await Promise.all(['tuned', 'tuned-elsewhere'].map(copy)) as [string, string]; // prettier-ignore
  const fastest = await trained(home(), tuned, '--tuned');
  const homes = [home(), await homeOfOtherForms(home(), 'forms-of-others'), join(folder, 'nothing-found')] as const;
  // What is fastest has a part in the bits, or nothing is shown here.
  expect((await trained(homes[1], other, '--tuned')).equals(fastest)).toBe(false);

  const everywhere: Buffer[] = [];
  for (const at of homes) everywhere.push(await trained(at, await copy(`given-in-${basename(at)}`)));
  expect(everywhere.map((bytes) => bytes.equals(everywhere[0] as Buffer))).toEqual([true, true, true]);
});

it('tuned, too, resumes and begins anew with its seed to the same bits wherever its folder is carried', async () => {
  const begun = await copy('begun');
  const first = await trained(home(), begun, '--tuned');
  const homes = [home(), await homeOfOtherForms(home(), 'other-forms'), join(folder, 'empty')];
  const resumed: Buffer[] = [];
  for (const at of homes) {
    const carried = join(folder, `carried-${resumed.length}`);
    await cp(begun, carried, { recursive: true });
    resumed.push(await trained(at, carried));
  }
  expect(resumed.map((bytes) => bytes.equals(first))).toEqual([false, false, false]);
  expect(resumed.map((bytes) => bytes.equals(resumed[0] as Buffer))).toEqual([true, true, true]);

  // Begun anew with its seed, it is the first run once more.
  for (const at of homes) {
    const carried = join(folder, `anew-in-${basename(at)}`);
    await cp(begun, carried, { recursive: true });
    const again = await trained(at, carried, '--fresh');
    expect(again.equals(first), carried + JSON.stringify(await readdir(join(carried, 'runs')))).toBe(true);
  }
});

import fc from 'fast-check';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, type Method } from '#shared/contract/api';
import { GanvasError } from '#shared/contract/errors';
import { createStudio, type Studio } from '../../src-main/studio/studio';

/** Whatever a page or a program sends: the studio answers or refuses with a GanvasError, never a crash, and touches nothing outside its home. */
const methods = Object.keys(api) as Method[];
let folder: string;
let studio: Studio;
let projectId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganvas-'));
  // There are no workers in it: nothing is trained here, and a worker that cannot start is one more thing that must not crash.
  const workers = pathToFileURL(`${join(folder, 'home')}/`);
  studio = createStudio({ home: join(folder, 'home'), host: 'web', version: '0', workers });
  const { summary } = await studio.call('projects.create', { name: 'Target' }, 'client');
  projectId = summary.id;
});
afterAll(async () => {
  await studio.close();
  await rm(folder, { recursive: true });
});

/** Parameters that are right, to be spoilt in one place. */
const id = '11111111-1111-4111-8111-111111111111';
const seed = { kind: 'seed', seed: 1 };
const right: { readonly [M in Method]: () => Record<string, unknown> } = {
  'app.info': () => ({}),
  'app.doctor': () => ({ jobId: id }),
  'app.machine': () => ({}),
  'app.samplePreview': () => ({ count: 4 }),
  'projects.recent': () => ({}),
  'projects.create': () => ({ name: 'Another', preset: 'dcgan-32' }),
  'projects.open': () => ({ projectId }),
  'projects.rename': () => ({ projectId, name: 'Renamed' }),
  'projects.forget': () => ({ projectId: id }),
  'projects.createAt': () => ({ path: 1, preset: 'dcgan-32' }),
  'projects.openAt': () => ({ path: 1 }),
  'datasets.offer': () => ({ paths: [1] }),
  'datasets.import': () => ({ projectId, source: { kind: 'offered', sourceId: id }, size: 32, channels: 3, jobId: id }),
  'datasets.reports': () => ({ projectId }),
  'datasets.reportedFiles': () => ({ projectId, import: 1, code: 'corrupt', from: 0, count: 10 }),
  'datasets.videoPart': () => ({ projectId, import: 1, video: 0, from: 0, count: 10 }),
  'datasets.thumbnails': () => ({ projectId, from: 0, count: 8 }),
  'datasets.clear': () => ({ projectId }),
  'datasets.undoClear': () => ({ projectId }),
  'curation.overview': () => ({ projectId, sort: 'name' }),
  'curation.thumbnails': () => ({ projectId, indices: [0, 1] }),
  'curation.describe': () => ({ projectId, indices: [0, 1] }),
  'curation.alike': () => ({ projectId, from: 0, count: 8 }),
  'curation.statistics': () => ({ projectId, filter: { view: 'included', class: null } }),
  'curation.edit': () => ({
    projectId,
    edit: { kind: 'exclude', pictures: { kind: 'indices', indices: [0] }, excluded: true },
    jobId: id,
  }),
  'curation.undo': () => ({ projectId, jobId: id }),
  'curation.redo': () => ({ projectId, jobId: id }),
  'curation.checkFiles': () => ({ projectId, jobId: id }),
  'curation.relink': () => ({ projectId, sourceId: id, jobId: id }),
  'curation.fitPreview': () => ({
    projectId,
    index: 0,
    fit: { crop: 'letterbox', background: '#000000', region: { left: 0, top: 0, width: 0.5, height: 1 } },
  }),
  'curation.augmentPreview': () => ({
    projectId,
    indices: [0],
    augmentation: { flip: true, translation: 0.1 },
    variants: 2,
    seed: 1,
  }),
  'recipe.set': () => ({ projectId, recipe: { version: 1 } }),
  'recipe.memory': () => ({ recipe: { version: 1 } }),
  'recipe.time': () => ({ recipe: { version: 1 }, jobId: id }),
  'training.start': () => ({ projectId, budget: { kind: 'steps', steps: 3 }, fresh: false, seed: 1, batchSize: 4 }),
  'training.pause': () => ({ projectId }),
  'training.resume': () => ({ projectId }),
  'training.stop': () => ({ projectId }),
  'training.status': () => ({ projectId }),
  'training.history': () => ({ projectId, points: 10 }),
  'training.sampleSteps': () => ({ projectId }),
  'training.samplesAt': () => ({ projectId, step: 0 }),
  'latent.render': () => ({ projectId, points: [seed] }),
  'latent.encode': () => ({ projectId, pictures: [0, 1] }),
  'export.picture': () => ({ projectId, point: seed, scale: 1 }),
  'export.grid': () => ({ projectId, seeds: [1, 2], columns: 2, scale: 1 }),
  'export.animation': () => ({ projectId, from: 1, to: 2, frames: 4, mode: 'slerp', scale: 1, loop: true }),
  'export.onnx': () => ({ projectId }),
  'export.encoderOnnx': () => ({ projectId }),
  'export.reconstructions': () => ({ projectId, pictures: [0, 1], scale: 1 }),
  'export.trainingPictures': () => ({ projectId, pictures: { kind: 'indices', indices: [0] }, jobId: id }),
  'export.take': () => ({ exportId: id }),
  'engines.list': () => ({}),
  'engines.plan': () => ({ engine: 'tfjs-node' }),
  // Right but for its name: a fuzz that happens to spoil nothing must not fetch a library.
  'engines.add': () => ({ engine: 'tfjs', jobId: id }),
  'engines.remove': () => ({ engine: 'tfjs-node' }),
  'jobs.cancel': () => ({ jobId: id }),
};

const hostile = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true }),
  fc.constantFrom<unknown>(
    ...['../../../etc/passwd', '..%2f..', 'C:\\Windows', '/etc', 'a\0b', '', 'x'.repeat(100_000), '__proto__'],
    ...[-1, 0.5, NaN, Infinity, 2 ** 53, 1e308, -0, 2 ** 31],
  ),
  fc.constant(JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')),
);

/** A copy with one value, at some depth, replaced by another. */
function spoil(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  const key = keys[step % (keys.length + 1)];
  // One beyond the last key: a key that does not belong there.
  if (key === undefined) return { ...value, ['__proto__']: replacement, unknown: replacement };
  const spoilt = spoil((value as Record<string, unknown>)[key], rest, replacement);
  return Array.isArray(value)
    ? value.map((old, index) => (String(index) === key ? spoilt : old))
    : { ...value, [key]: spoilt };
}

async function refusalOf(method: string, params: unknown, from: 'client' | 'host'): Promise<GanvasError | undefined> {
  try {
    await studio.call(method as Method, params, from);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(GanvasError);
    return error as GanvasError;
  }
}

const acceptable = (error: GanvasError | undefined) => error?.code !== 'defect' && (error?.message.length ?? 0) < 1000;

describe('hostile parameters', () => {
  it.each(methods)('%s', async (method) => {
    // A host hands over paths of its user's, which are trusted: what is spoilt there must not become one.
    const values = api[method].from === 'host' ? hostile.filter((value) => typeof value !== 'string') : hostile;
    await fc.assert(
      fc.asyncProperty(values, fc.array(fc.nat(6), { maxLength: 4 }), async (value, path) => {
        const params = spoil(right[method](), path, value);
        for (const from of ['client', 'host'] as const) {
          const error = await refusalOf(method, params, from);
          expect(acceptable(error), `${error?.message}`).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(await readdir(folder)).toEqual(['home']);
  });

  it('names of calls that there are not', async () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty'),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const error = await refusalOf(name as string, {}, 'host');
        expect(error?.code).toBe('call.unknown');
      }),
    );
  });
});

it.each(methods.filter((method) => api[method].from === 'host'))('%s is not for pages', async (method) => {
  expect((await refusalOf(method, {}, 'client'))?.code).toBe('call.not-allowed');
});

it('never leaves the folder of projects, whatever a project is called', async () => {
  const before = await readdir(folder);
  for (const name of [
    '../../escape',
    '..',
    '/tmp/escape',
    'a/b',
    'CON',
    '\u202e',
    '.',
    '%2e%2e',
    '<img src=x onerror=alert(1)>',
  ]) {
    const { summary } = await studio.call('projects.create', { name }, 'client');
    expect(summary.name).toBe(name);
    expect(summary.path.startsWith(join(folder, 'home', 'projects'))).toBe(true);
  }
  expect(await readdir(folder)).toEqual(before);
});

it('says no to everything once it is closed', async () => {
  const closed = createStudio({ home: join(folder, 'home'), host: 'web', version: '0' });
  await closed.close();
  await expect(closed.call('app.info', {}, 'client')).rejects.toMatchObject({ code: 'program.closing' });
});

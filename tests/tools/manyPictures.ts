import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { bitsOf } from '#shared/contract/pictureFlags';
import { proposeRecipe } from '#shared/recipe/presets';
import { writeJson } from '../../src-main/store/atomic';
import { contentOf } from '../../src-main/store/dataset/content';
import { datasetDir, Fit, fitOf, manifestFormat, manifestPath } from '../../src-main/store/dataset/manifest';
import { PackWriter } from '../../src-main/store/dataset/packWriter';
import { removeUnnamed } from '../../src-main/store/dataset/unfinished';
import { createProject } from '../../src-main/store/project';
import { rememberProject } from '../../src-main/store/recent';

const SIZE = 16;
/** Every so many pictures one is marked as small. */
export const EVERY_SMALL = 10;

/** The one colour of a picture: its number. */
export const colourOf = (picture: number): readonly [number, number, number] => [
  picture & 255,
  (picture >> 8) & 255,
  picture >> 16,
];

/** A project of so many pictures of 16×16 that stands in the list of recent ones, written as an import writes it, without files to import. */
export async function makeManyPictures(home: string, name: string, count: number): Promise<void> {
  const format = { size: SIZE, channels: 3 } as const;
  const project = await createProject(join(home, 'many'), { name, recipe: proposeRecipe({ size: 32, channels: 3 }) });
  const dir = datasetDir(project);
  const writer = await PackWriter.open(dir, [], format, { identity: 'many', of: { sources: [], count } });
  for (let picture = 0; picture < count; picture++) await writer.add([{ pixels: pixelsOf(picture), record: recordOf(picture) }]); // prettier-ignore
  const shards = [...(await writer.finish())];
  const plan = { ...format, fit: fitOf(Fit.parse({})), sources: [] };
  const { mended, ...content } = await contentOf(dir, plan, [], shards, 0, () => undefined);
  const rest = { ...format, fit: plan.fit, fits: [], everyFrame: 0, classes: [] };
  const lastImport = {
    at: new Date().toISOString(),
    added: count,
    duplicates: 0,
    skippedCount: 0,
    skipped: [],
    mended,
  };
  await writeJson(manifestPath(dir), { version: 3, ...rest, ...content, shards, lastImport }, manifestFormat);
  await removeUnnamed(dir, shards);
  await rememberProject(home, project);
}

function pixelsOf(picture: number): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  const colour = colourOf(picture);
  for (let at = 0; at < pixels.length; at += 3) pixels.set(colour, at);
  return pixels;
}

function recordOf(picture: number) {
  const sha256 = createHash('sha256').update(String(picture)).digest();
  return {
    sha256,
    name: `many/${String(picture).padStart(6, '0')}.png`,
    source: -1,
    frame: -1,
    bytes: 800,
    modifiedMs: 1.7e12,
    width: 200 + (picture % 50),
    height: 200,
    flags: picture % EVERY_SMALL === 0 ? bitsOf(['too-small']) : 0,
    // As unlike each other as photographs are.
    looks: sha256.subarray(0, 8),
    mean: 60 + (picture % 100),
    deviation: 30 + (picture % 20),
  };
}

import type { ImportProposal } from '#shared/contract/types';
import { writeJson } from '../atomic';
import { inOrder } from '../inOrder';
import { manifestFormat, manifestPath, summaryOf, type Manifest } from './manifest';
import { PackWriter, type PackedPicture } from './packWriter';
import { digestAt, type RecordColumns } from './records';
import type { Refitting, RefitResult } from './refitting';
import { removeUnnamed } from './unfinished';

/** Makes all pictures of a pack anew in another size or with other channels, beside the old ones, which are the pack until the last moment. */
export async function reformat(refitting: Refitting, format: ImportProposal): Promise<RefitResult> {
  const { dir, manifest, remaker } = refitting;
  const writer = await PackWriter.anew(dir, manifest.shards, format);
  let updated: Manifest | undefined;
  try {
    for (const records of refitting.records) await remakeShard(refitting, records, writer);
    if (remaker.missing.length === 0) updated = await manifestOf(refitting, format, await writer.finish());
    refitting.checkCancelled();
  } catch (error) {
    await writer.discard(manifest.shards);
    throw error;
  }
  if (!updated) {
    await writer.discard(manifest.shards);
    return { summary: undefined, done: 0, missing: remaker.missing };
  }
  await writeJson(manifestPath(dir), updated, manifestFormat);
  await removeUnnamed(dir, updated.shards);
  const summary = summaryOf(updated);
  return { summary, done: summary.images, missing: [] };
}

async function remakeShard(
  { plan, remaker, step }: Refitting,
  records: RecordColumns,
  writer: PackWriter,
): Promise<void> {
  const pictures = Array.from({ length: records.count }, (_, picture) => picture);
  const make = async (picture: number): Promise<PackedPicture | undefined> => {
    if (remaker.missing.length === 0) return remaker.make(records, picture, plan.wanted(digestAt(records, picture)));
    // All or none: of the others only those that are missing are still worth finding out.
    await remaker.check(records, picture);
    return undefined;
  };
  for await (const made of inOrder(pictures, remaker.parallel, make)) {
    step();
    if (made) await writer.add([made]);
  }
}

function manifestOf(
  { dir, manifest, records, plan }: Refitting,
  format: ImportProposal,
  shards: readonly Manifest['shards'][number][],
): Promise<Manifest> {
  for (const shard of records) {
    for (let picture = 0; picture < shard.count; picture++) plan.done(digestAt(shard, picture));
  }
  return plan.manifestOf(dir, manifest, format, shards, records);
}

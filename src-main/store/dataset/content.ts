import { limits } from '#shared/contract/limits';
import { flagsOf, pictureFlags, type PictureFlag } from '#shared/contract/pictureFlags';
import type { MendedFile } from '#shared/contract/types';
import { fitOf, type Manifest } from './manifest';
import { PackHash } from './packHash';
import type { Plan } from './plan';
import { nameAt, type RecordColumns } from './records';
import { Reporter } from './report';
import { readShardRecords } from './shardRecords';

type Mended = Manifest['lastImport']['mended'];

/** What a manifest says of the pictures in its shards, read from their records shard by shard; `mended` is of the pictures from `before` on. Last sources that no picture came from are left out. */
export async function contentOf(
  dir: string,
  { size, channels, fit, sources }: Pick<Plan, 'size' | 'channels' | 'fit' | 'sources'>,
  fits: Manifest['fits'],
  shards: readonly Manifest['shards'][number][],
  before: number,
  classOf: (picture: number) => string | undefined,
): Promise<Pick<Manifest, 'hash' | 'report' | 'sources'> & { readonly mended: Mended }> {
  const hash = new PackHash(size, channels, fit);
  const report = new Reporter(channels);
  const mended: Mended = [];
  let used = 0;
  let first = 0;
  for (const shard of shards) {
    const records = await readShardRecords(dir, shard, { size, channels });
    hash.add(records, classOf);
    report.add(records);
    for (const file of mendedIn(records, Math.max(0, before - first))) {
      if (mended.length >= limits.mendedListed) break;
      mended.push({ ...file, flags: [...file.flags] });
    }
    for (const source of records.source) used = Math.max(used, source + 1);
    first += records.count;
  }
  hash.addFits(fits.map(([id, own]) => [id, fitOf(own)]));
  return { hash: hash.digest(), report: report.report(), sources: sources.slice(0, used), mended };
}

/** What was mended of the pictures from the `from`-th on, by their files. A later frame has what its file has. */
export function* mendedIn({ count, flags, frame, ...names }: RecordColumns, from: number): Generator<MendedFile> {
  for (let index = from; index < count; index++) {
    const mended = (frame[index] as number) > 0 ? [] : mendedOf(flags[index] as number);
    if (mended.length > 0) yield { file: nameAt(names, index), flags: mended };
  }
}

/** Those of a picture's flags that say that it was mended. */
export const mendedOf = (flags: number): PictureFlag[] =>
  flagsOf(flags).filter((flag) => pictureFlags[flag].kind === 'mended');

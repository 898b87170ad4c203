import { limits } from '#shared/contract/limits';
import { flagsOf, pictureFlags } from '#shared/contract/pictureFlags';
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
    listMended(records, Math.max(0, before - first), mended);
    for (const source of records.source) used = Math.max(used, source + 1);
    first += records.count;
  }
  hash.addFits(fits.map(([id, own]) => [id, fitOf(own)]));
  return { hash: hash.digest(), report: report.report(), sources: sources.slice(0, used), mended };
}

function listMended(records: RecordColumns, from: number, mended: Mended): void {
  for (let index = from; index < records.count && mended.length < limits.mendedListed; index++) {
    // A later frame has what its file has.
    if ((records.frame[index] as number) > 0) continue;
    const flags = flagsOf(records.flags[index] as number).filter((flag) => pictureFlags[flag].kind === 'mended');
    if (flags.length > 0) mended.push({ file: nameAt(records, index), flags });
  }
}

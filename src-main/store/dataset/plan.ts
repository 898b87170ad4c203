import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { ImportProposal, PictureFit } from '#shared/contract/types';
import { usualEveryFrame } from '#shared/dataset/everyFrame';
import { Fit, fitOf, type Manifest, type ManifestSource } from './manifest';
import type { ImportOptions } from './types';
import type { Found } from './walk';

/** What is made of the files. */
export interface Plan extends ImportProposal {
  readonly fit: PictureFit;
  readonly everyFrame: number;
  /** Those of the pack and of this import. */
  readonly sources: readonly ManifestSource[];
  /** Place in `sources` of each of this import's; −1 beyond the cap. */
  readonly sourceOf: readonly number[];
}

/** As the pack was begun, `dataset.size-fixed` and `dataset.fit-fixed` where something else is asked for; else as asked for, and by `propose` what is left open. */
export async function planOf(
  manifest: Manifest | undefined,
  { size, channels, fit = {}, everyFrame }: ImportOptions,
  found: readonly ManifestSource[],
  propose: () => Promise<ImportProposal>,
): Promise<Plan> {
  const joined = joinSources(manifest?.sources ?? [], found);
  if (manifest) {
    const wanted = { size: size ?? manifest.size, channels: channels ?? manifest.channels };
    if (wanted.size !== manifest.size || wanted.channels !== manifest.channels) {
      return fail('dataset.size-fixed', { present: describe(manifest), wanted: describe(wanted) });
    }
    const present = fitOf(manifest.fit);
    const asked = fitOf(Fit.parse({ ...present, ...given(fit) }));
    if (describeFit(asked) !== describeFit(present)) {
      return fail('dataset.fit-fixed', { present: describeFit(present), wanted: describeFit(asked) });
    }
    return { ...wanted, fit: present, everyFrame: everyFrame ?? manifest.everyFrame, ...joined };
  }
  const rest = { fit: fitOf(Fit.parse(given(fit))), everyFrame: everyFrame ?? usualEveryFrame, ...joined };
  if (size !== undefined && channels !== undefined) return { size, channels, ...rest };
  const proposed = await propose();
  return { size: size ?? proposed.size, channels: channels ?? proposed.channels, ...rest };
}

/** Those that are there and, behind them, those that are new; where each of `added` is among them, −1 beyond the cap. */
export function joinSources(
  present: readonly ManifestSource[],
  added: readonly ManifestSource[],
): Pick<Plan, 'sources' | 'sourceOf'> {
  const sources = [...present];
  const sourceOf = added.map((source) => {
    const same = sources.findIndex(({ kind, path }) => kind === source.kind && path === source.path);
    if (same >= 0) return same;
    // Beyond the cap it is not known where pictures came from; they are taken all the same.
    return sources.length < limits.datasetSources ? sources.push(source) - 1 : -1;
  });
  return { sources, sourceOf };
}

/** Sources within the pack's own folder by their way from there, so that a project can be moved. */
export function withinPack(dir: string, sources: readonly ManifestSource[]): ManifestSource[] {
  return sources.map((source) => {
    const way = wayInto(dir, source.path);
    return way === undefined ? source : { ...source, path: way };
  });
}

/** The way from a folder to what lies in it; undefined for what does not. */
export function wayInto(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  const inside = !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
  return inside ? way || '.' : undefined;
}

/** Tells an import from all that would make another pack: what a killed one wrote is of use to the same import alone. `adopted`: folders whose place says nothing. */
export function identityOf(
  plan: Plan,
  manifest: Manifest | undefined,
  found: Pick<Found, 'sources' | 'files'>,
  adopted: readonly string[],
): string {
  const { size, channels, fit, everyFrame } = plan;
  const base = manifest && { hash: manifest.hash, shards: manifest.shards, sources: manifest.sources };
  const all = { base, size, channels, fit, everyFrame, sources: namedSources(found, adopted) };
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** Sources by where they are; adopted ones, which lie elsewhere each time, by the names and sizes of their files. */
function namedSources({ sources, files }: Pick<Found, 'sources' | 'files'>, adopted: readonly string[]) {
  const ways = sources.map(({ path }) =>
    adopted.map((folder) => wayInto(folder, path)).find((way) => way !== undefined),
  );
  const listings = ways.map((way) => (way === undefined ? undefined : createHash('sha256')));
  for (const { source, name, bytes } of files) listings[source]?.update(JSON.stringify([name, bytes]));
  return sources.map(({ kind, path }, place) => [kind, ways[place] ?? path, listings[place]?.digest('hex')]);
}

/** Without what is left open. */
const given = (fit: NonNullable<ImportOptions['fit']>) =>
  Object.fromEntries(Object.entries(fit).filter(([, value]) => value !== undefined));

const describeFit = ({ crop, background, region }: PictureFit) =>
  `${crop}, on ${background.toLowerCase()}${region ? ', a part of their own' : ''}`;

const describe = ({ size, channels }: ImportProposal) =>
  `${size}×${size} pixels in ${channels === 1 ? 'grey' : 'colour'}`;

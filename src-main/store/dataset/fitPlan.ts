import type { ImportProposal, PictureFit } from '#shared/contract/types';
import { fitKey } from '#shared/dataset/fit';
import { contentOf } from './content';
import { readLabels } from './labels';
import { fitOf, type Manifest } from './manifest';
import { digestAt, type RecordColumns } from './records';

/** How pictures are to become squares. */
export interface WantedFits {
  /** By a picture's content; undefined: as all others. */
  readonly fitOf: (id: string) => PictureFit | undefined;
  /** How all others are; undefined: as they are now. */
  readonly common: PictureFit | undefined;
}

/** How the pictures of a pack are made square, and how they are wanted. */
export class FitPlan {
  readonly #before: PictureFit;
  readonly #common: PictureFit;
  readonly #wanted: WantedFits['fitOf'];
  /** How pictures are, those that are not as all others were. */
  readonly #own: Map<string, PictureFit>;

  constructor(manifest: Manifest, wanted: WantedFits) {
    this.#before = fitOf(manifest.fit);
    this.#common = wanted.common ?? this.#before;
    this.#wanted = wanted.fitOf;
    this.#own = new Map(manifest.fits.map(([id, fit]) => [id, fitOf(fit)]));
  }

  /** Whether pictures that are added later are to be made as they were before. */
  get sameCommon(): boolean {
    return fitKey(this.#common) === fitKey(this.#before);
  }

  wanted(id: string): PictureFit {
    return this.#wanted(id) ?? this.#common;
  }

  /** Places in a shard of the pictures whose fit is another one than is wanted. */
  pending(records: RecordColumns): readonly number[] {
    return Array.from({ length: records.count }, (_, picture) => picture).filter((picture) => {
      const id = digestAt(records, picture);
      return fitKey(this.#own.get(id) ?? this.#before) !== fitKey(this.wanted(id));
    });
  }

  /** Notes that a picture is as it was wanted. */
  done(id: string): void {
    this.#own.set(id, this.wanted(id));
  }

  /** What the manifest says of the pictures of `shards` as they are now; `records`: of the same pictures in their order, for their ids. */
  async manifestOf(
    dir: string,
    manifest: Manifest,
    { size, channels }: ImportProposal,
    shards: readonly Manifest['shards'][number][],
    records: readonly RecordColumns[],
  ): Promise<Manifest> {
    const { classes, sources } = manifest;
    const fits: [string, PictureFit][] = [];
    for (const shard of records) {
      for (let picture = 0; picture < shard.count; picture++) {
        const id = digestAt(shard, picture);
        const fit = this.#own.get(id) ?? this.#before;
        if (fitKey(fit) !== fitKey(this.#common)) fits.push([id, fit]);
      }
    }
    const labels = await readLabels(dir, manifest);
    const classOf = (picture: number) => classes[labels[picture] ?? -1]?.name;
    const plan = { size, channels, fit: this.#common, sources };
    // What the last import mended is not told again.
    const { hash, report } = await contentOf(dir, plan, fits, shards, labels.length, classOf);
    return { ...manifest, size, channels, fit: this.#common, fits, shards: [...shards], hash, report };
  }
}

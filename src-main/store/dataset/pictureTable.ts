import { fail } from '#shared/contract/errors';
import type { PictureFit } from '#shared/contract/types';
import type { Project } from '../project';
import type { CuratedPicture } from './curatedPack';
import { readLabels } from './labels';
import { datasetDir, fitOf, readManifest } from './manifest';
import { groupAlike } from './nearDuplicates';
import { outliersOf } from './outliers';
import { digestAt, nameAt, type RecordColumns } from './records';
import { openRecords } from './shardRecords';

interface TableParts {
  readonly hash: string;
  readonly fit: PictureFit;
  readonly classNames: readonly string[];
  /** Place of each picture's class in `classNames`, −1 for none. */
  readonly labels: Int32Array;
  readonly columns: RecordColumns;
}

/** All that a pack knows of its pictures, in memory: what a curation is applied to. It is never changed; another pack is another table. */
export class PictureTable {
  /** The pack's. */
  readonly hash: string;
  readonly count: number;
  readonly columns: RecordColumns;
  /** By content. */
  readonly ids: readonly string[];
  /** Names of the classes that the import found. */
  readonly classNames: readonly string[];
  /** How its pictures became squares. */
  readonly fit: PictureFit;
  readonly #labels: Int32Array;
  #groups: readonly (readonly number[])[] | undefined;
  #outliers: ReadonlySet<number> | undefined;
  #places: ReadonlyMap<string, number> | undefined;

  constructor({ hash, fit, classNames, labels, columns }: TableParts) {
    this.hash = hash;
    this.fit = fit;
    this.count = columns.count;
    this.columns = columns;
    this.ids = Array.from({ length: columns.count }, (_, picture) => digestAt(columns, picture));
    this.classNames = classNames;
    this.#labels = labels;
  }

  /** By content and imported class, in the pack's order. */
  get pictures(): readonly CuratedPicture[] {
    return this.ids.map((id, picture) => ({ id, className: this.importedClass(picture) }));
  }

  nameOf(picture: number): string {
    return nameAt(this.columns, picture);
  }

  /** Class that the import found. */
  importedClass(picture: number): string | undefined {
    return this.classNames[this.#labels[picture] ?? -1];
  }

  /** Place of a picture; undefined when it is not in the pack. */
  placeOf(id: string): number | undefined {
    this.#places ??= new Map(this.ids.map((own, picture) => [own, picture]));
    return this.#places.get(id);
  }

  /** Pixels of its own file; 0 where that is not known. */
  pixelsOf(picture: number): number {
    return (this.columns.sides[2 * picture] as number) * (this.columns.sides[2 * picture + 1] as number);
  }

  /** The shorter side of its own file, pixels; 0 where that is not known. */
  shorterSideOf(picture: number): number {
    return Math.min(this.columns.sides[2 * picture] as number, this.columns.sides[2 * picture + 1] as number);
  }

  /** Groups of pictures that look alike, each by size, the largest first. */
  get groups(): readonly (readonly number[])[] {
    return (this.#groups ??= groupAlike(this.columns.looks, (picture) => this.pixelsOf(picture)));
  }

  /** Pictures unlike the others in lightness, contrast or shape. */
  get outliers(): ReadonlySet<number> {
    // Looked up for each picture: nothing may be worked out before it is known to be wanted.
    return (this.#outliers ??= this.#findOutliers());
  }

  #findOutliers(): ReadonlySet<number> {
    const { mean, deviation, sides } = this.columns;
    const shape = Float64Array.from({ length: this.count }, (_, picture) => {
      const [width, height] = [sides[2 * picture] as number, sides[2 * picture + 1] as number];
      return width && height ? Math.log(width / height) : NaN;
    });
    return outliersOf([mean, deviation, shape]);
  }
}

/** A project's table; `dataset.empty` without a pack. */
export async function readPictureTable(project: Pick<Project, 'dir'>): Promise<PictureTable> {
  const manifest = (await readManifest(project)) ?? fail('dataset.empty');
  const [columns, labels] = await Promise.all([openRecords(project), readLabels(datasetDir(project), manifest)]);
  const classNames = manifest.classes.map(({ name }) => name);
  return new PictureTable({ hash: manifest.hash, fit: fitOf(manifest.fit), columns, classNames, labels });
}

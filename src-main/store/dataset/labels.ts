import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '#shared/contract/errors';
import type { ClassSummary } from '#shared/contract/types';
import { failDisk, systemCode, writeFileAtomic } from '../atomic';
import { pictureCount, type Manifest } from './manifest';

/** No class. */
const NONE = -1;

const labelsPath = (dir: string, name: string) => join(dir, `${name}.bin`);

/** The class of each picture of a pack, −1 for none; `project.unreadable` when the file does not hold what the manifest says. */
export async function readLabels(dir: string, manifest: Manifest): Promise<Int32Array> {
  const count = pictureCount(manifest);
  if (manifest.labels === undefined) return new Int32Array(count).fill(NONE);
  const path = labelsPath(dir, manifest.labels);
  const bytes = await readFile(path).catch((error: unknown) =>
    fail('project.unreadable', { file: path, problem: systemCode(error) ?? 'it cannot be opened' }),
  );
  if (bytes.length !== count * 2) {
    return fail('project.unreadable', { file: path, problem: `it has ${bytes.length} bytes, not ${count * 2}` });
  }
  const labels = Int32Array.from({ length: count }, (_, picture) => bytes.readInt16LE(picture * 2));
  const classes = manifest.classes.length;
  if (labels.some((label) => label < NONE || label >= classes)) {
    return fail('project.unreadable', { file: path, problem: 'it names a class that is not there' });
  }
  return labels;
}

/** The file that labels were written to, as the manifest names it. */
async function writeLabels(dir: string, before: string | undefined, labels: readonly number[]): Promise<string> {
  const bytes = Buffer.alloc(labels.length * 2);
  labels.forEach((label, picture) => bytes.writeInt16LE(label, picture * 2));
  // Never over the file that the manifest names: until the new manifest is written, the old pack is the pack.
  const number = Number(before?.slice('labels-'.length) ?? 0) + 1;
  const name = `labels-${String(number).padStart(5, '0')}`;
  await writeFileAtomic(labelsPath(dir, name), bytes);
  return name;
}

/** Removes the label files that a pack's manifest does not name. */
export async function removeUnnamedLabels(dir: string, manifest: Pick<Manifest, 'labels'> | undefined): Promise<void> {
  try {
    for (const entry of await readdir(dir)) {
      if (entry.startsWith('labels-') && entry !== `${manifest?.labels}.bin`)
        await rm(join(dir, entry), { force: true });
    }
  } catch (error) {
    failDisk(error, dir);
  }
}

/** The labels of a pack while an import adds to it. */
export class PackLabels {
  readonly #before: string | undefined;
  readonly #names: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #kept: number;
  readonly #labels: number[];

  /** Labels of what the pack holds; `names` are the classes that this import may add, beside those that are there. */
  static async open(dir: string, manifest: Manifest | undefined, names: readonly string[]): Promise<PackLabels> {
    return new PackLabels(manifest, manifest ? [...(await readLabels(dir, manifest))] : [], names);
  }

  private constructor(manifest: Manifest | undefined, labels: number[], names: readonly string[]) {
    this.#before = manifest?.labels;
    const present = manifest?.classes.map(({ name }) => name) ?? [];
    this.#kept = present.length;
    this.#names = [...new Set([...present, ...names])];
    this.#numbers = new Map(this.#names.map((name, number) => [name, number]));
    this.#labels = labels;
  }

  /** A picture that was added to the pack. */
  add(label: string | undefined): void {
    this.#labels.push(this.#number(label));
  }

  /** A picture that was met again: it gets a class if it had none, so that classes can be added by importing the same pictures once more. */
  again(picture: number, label: string | undefined): void {
    if (this.#labels[picture] === NONE) this.#labels[picture] = this.#number(label);
  }

  readonly classOf = (picture: number): string | undefined => this.#names[this.#labels[picture] ?? NONE];

  /** Writes the labels; what the manifest says of them. New classes that no picture belongs to are left out. */
  async finish(dir: string): Promise<Pick<Manifest, 'classes' | 'labels'>> {
    const counts = this.#names.map(() => 0);
    for (const label of this.#labels) if (label !== NONE) counts[label] = (counts[label] ?? 0) + 1;
    const classes: ClassSummary[] = [];
    const renumbered = this.#names.map((name, number) => {
      const pictures = counts[number] ?? 0;
      return number < this.#kept || pictures > 0 ? classes.push({ name, pictures }) - 1 : NONE;
    });
    if (classes.length === 0) return { classes: [] };
    const labels = this.#labels.map((label) => renumbered[label] ?? NONE);
    return { classes, labels: await writeLabels(dir, this.#before, labels) };
  }

  #number(label: string | undefined): number {
    return (label === undefined ? undefined : this.#numbers.get(label)) ?? NONE;
  }
}

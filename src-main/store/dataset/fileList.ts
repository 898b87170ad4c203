import type { Member } from '../archives/member';

/** A file that may be a picture. */
export interface FoundFile {
  readonly path: string;
  /** As shown to people: the source's own name and the way from there, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
  /** Name of its class, where it has one. */
  readonly label?: string;
  /** When it was changed last, milliseconds since 1970. */
  readonly modifiedMs: number;
  /** Place of its source among those that were walked. */
  readonly source: number;
  /** Where in the file it lies, when `path` is an archive. */
  readonly member?: Member;
}

/** Files that were found, in their order; an array of them is one too. */
export interface FoundFiles extends Iterable<FoundFile> {
  readonly length: number;
  at(place: number): FoundFile | undefined;
}

/** What the files of one folder share. */
interface Folder {
  /** What the paths begin with; `whole`: it is all of them. */
  readonly path: string;
  readonly whole: boolean;
  /** What the names begin with. */
  readonly name: string;
}

const FIRST_CAPACITY = 256;
/** UTF-16, as it is: names need not be sound Unicode. */
const UNIT_BYTES = 2;
const memberKinds = [undefined, 'stored', 'packed', 'deflated'] as const;

/**
 * Found files in columns that double when they are full: 50 bytes each and two for each character of the name after its last slash, where objects with their strings
 * take 400. A file is made an object again when it is asked for.
 */
export class FileList implements FoundFiles {
  #columns = columnsFor(FIRST_CAPACITY);
  #names = Buffer.alloc(16 * UNIT_BYTES * FIRST_CAPACITY);
  readonly #folders: Folder[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(file: FoundFile): void {
    const base = file.name.slice(file.name.lastIndexOf('/') + 1);
    this.#makeRoom(base);
    const columns = this.#columns;
    const at = this.#length++;
    const start = at === 0 ? 0 : (columns.nameEnds[at - 1] as number);
    columns.nameEnds[at] = start + this.#names.write(base, start, 'utf16le');
    columns.folder[at] = this.#folderOf(file, base);
    columns.bytes[at] = file.bytes;
    columns.modifiedMs[at] = file.modifiedMs;
    columns.source[at] = file.source;
    const { member } = file;
    if (!member) return;
    columns.offset[at] = member.offset;
    columns.kind[at] = memberKinds.indexOf(
      member.kind === 'stored' ? 'stored' : member.deflated ? 'deflated' : 'packed',
    );
    if (member.kind === 'zipped') {
      columns.compressedBytes[at] = member.compressedBytes;
      columns.crc32[at] = member.crc32;
    }
  }

  at(place: number): FoundFile | undefined {
    const columns = this.#columns;
    const folder = this.#folders[columns.folder[place] ?? -1];
    if (place >= this.#length || !folder) return undefined;
    const start = place === 0 ? 0 : columns.nameEnds[place - 1];
    const base = this.#names.toString('utf16le', start, columns.nameEnds[place]);
    const member = this.#memberAt(place);
    return {
      path: folder.whole ? folder.path : folder.path + base,
      name: folder.name + base,
      bytes: columns.bytes[place] as number,
      modifiedMs: columns.modifiedMs[place] as number,
      source: columns.source[place] as number,
      ...(member && { member }),
    };
  }

  *[Symbol.iterator](): Generator<FoundFile> {
    for (let place = 0; place < this.#length; place++) yield this.at(place) as FoundFile;
  }

  #memberAt(place: number): Member | undefined {
    const columns = this.#columns;
    const kind = memberKinds[columns.kind[place] as number];
    if (!kind) return undefined;
    const [offset, bytes] = [columns.offset[place] as number, columns.bytes[place] as number];
    if (kind === 'stored') return { kind, offset, bytes };
    const compressedBytes = columns.compressedBytes[place] as number;
    const crc32 = columns.crc32[place] as number;
    return { kind: 'zipped', offset, bytes, compressedBytes, deflated: kind === 'deflated', crc32 };
  }

  /** Files of one folder, or of one in an archive, are found one after the other. */
  #folderOf({ path, name, member }: FoundFile, base: string): number {
    const whole = member !== undefined || !path.endsWith(base);
    const folder = {
      path: whole ? path : path.slice(0, path.length - base.length),
      whole,
      name: name.slice(0, name.length - base.length),
    };
    const last = this.#folders.at(-1);
    const same = last?.path === folder.path && last.name === folder.name && last.whole === whole;
    return same ? this.#folders.length - 1 : this.#folders.push(folder) - 1;
  }

  #makeRoom(base: string): void {
    const capacity = this.#columns.kind.length;
    if (this.#length === capacity) {
      const doubled = columnsFor(2 * capacity);
      for (const key of Object.keys(doubled) as (keyof Columns)[]) doubled[key].set(this.#columns[key]);
      this.#columns = doubled;
    }
    const used = this.#length === 0 ? 0 : (this.#columns.nameEnds[this.#length - 1] as number);
    const needed = used + UNIT_BYTES * base.length;
    if (needed > this.#names.length) {
      const names = Buffer.alloc(Math.max(needed, 2 * this.#names.length));
      this.#names.copy(names, 0, 0, used);
      this.#names = names;
    }
  }
}

type Columns = ReturnType<typeof columnsFor>;

function columnsFor(capacity: number) {
  return {
    folder: new Uint32Array(capacity),
    nameEnds: new Uint32Array(capacity),
    source: new Uint32Array(capacity),
    kind: new Uint8Array(capacity),
    crc32: new Uint32Array(capacity),
    bytes: new Float64Array(capacity),
    modifiedMs: new Float64Array(capacity),
    offset: new Float64Array(capacity),
    compressedBytes: new Float64Array(capacity),
  };
}

import { crc32 } from 'node:zlib';

/** Files of a zip without the 64-bit extension, which not every program reads. */
export const zipFilesMax = 65_535;

/** Version that a reader needs, 1.0; names in UTF-8; stored; 1 January 1980, so that the same files give the same archive (PKWARE APPNOTE 4.4). */
const [VERSION, UTF_8, STORED, TIME, DATE] = [10, 0x800, 0, 0, (1 << 5) | 1];

/** Builds a zip archive in memory, of files that are compressed already. */
export class ZipWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #directory: Buffer[] = [];
  #bytes = 0;

  /** At most {@link zipFilesMax} files, together under 4 GiB: whoever adds them sees to that. */
  add(name: string, content: Uint8Array): void {
    const raw = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(VERSION, 0);
    facts.writeUInt16LE(UTF_8, 2);
    facts.writeUInt16LE(STORED, 4);
    facts.writeUInt16LE(TIME, 6);
    facts.writeUInt16LE(DATE, 8);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(raw.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(this.#bytes, 10);
    this.#directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, raw]));
    this.#push(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, raw]));
    this.#push(content);
  }

  finish(): Uint8Array {
    const [at, files] = [this.#bytes, this.#directory.length];
    for (const entry of this.#directory) this.#push(entry);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(files, 8);
    end.writeUInt16LE(files, 10);
    end.writeUInt32LE(this.#bytes - at, 12);
    end.writeUInt32LE(at, 16);
    this.#push(end);
    return Buffer.concat(this.#parts);
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#bytes += part.length;
  }
}

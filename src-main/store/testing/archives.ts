import { crc32, deflateRawSync } from 'node:zlib';

export interface ArchiveEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Unix mode; a regular file where it is left out. */
  readonly mode?: number;
  /** What a tar header calls the entry: '0' a file, '2' a link. */
  readonly type?: string;
}

/** What is to be wrong about a zip archive. */
export interface ZipLies {
  /** Size that the directory claims for each file. */
  readonly bytes?: number;
  /** All entries refer to the first one's content. */
  readonly overlap?: boolean;
  readonly method?: number;
  readonly flags?: number;
}

/** A zip archive of deflated files (PKWARE APPNOTE 4.3). */
export function zipOf(entries: readonly ArchiveEntry[], lies: ZipLies = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let first: { readonly at: number; readonly packed: Buffer } | undefined;
  for (const { name, bytes, mode = 0o100644 } of entries) {
    const packed = deflateRawSync(bytes);
    const raw = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(lies.flags ?? 0x800, 2);
    common.writeUInt16LE(lies.method ?? 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(lies.bytes ?? bytes.length, 18);
    common.writeUInt16LE(raw.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, raw, packed]);
    const where = lies.overlap && first ? first.at : offset;
    const central = Buffer.alloc(14);
    central.writeUInt32LE((mode << 16) >>> 0, 6);
    central.writeUInt32LE(where, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, central, raw);
    if (lies.overlap && first) continue;
    first ??= { at: offset, packed };
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** A tar archive; names that do not fit are written as GNU tar does. */
export function tarOf(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes, type = '0' }) => {
    const raw = Buffer.from(name);
    const long = raw.length > 100 ? [header('././@LongLink', raw.length, 'L'), padded(raw)] : [];
    return [...long, header(name, bytes.length, type), padded(bytes)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(name: string, bytes: number, type: string): Buffer {
  const block = Buffer.alloc(512);
  block.write(name.slice(0, 100), 0);
  block.write('0000644\0', 100);
  block.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return block;
}

const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

import { open, type FileHandle } from 'node:fs/promises';
import type { Listed } from './listed';
import { ArchiveError, CutShortError } from './member';

/** POSIX.1-2001, “ustar Interchange Format” and “pax Interchange Format”; long names also as GNU tar writes them. */
const BLOCK = 512;
const field = { name: [0, 100], size: [124, 136], checksum: [148, 156], type: 156, magic: [257, 262], prefix: [345, 500] } as const; // prettier-ignore
/** A name or an extended header that is longer was not made by a tar program. */
const EXTENSION_BYTES = 64 * 1024;

/** Headers that describe the file after them. */
interface Extension {
  readonly path?: string;
  readonly bytes?: number;
}

/**
 * The members of a plain tar archive, by its headers; their contents are passed over. {@link CutShortError} after the whole ones when it is cut short, {@link ArchiveError}
 * when it is none. `ended`: it has the mark of its end, which some programs leave out.
 */
export async function* listTar(path: string, ended = false): AsyncGenerator<Listed> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    let extension: Extension = {};
    for (let offset = 0; offset < size;) {
      const header = await readBlock(file, offset, BLOCK);
      if (header.every((byte) => byte === 0)) return;
      checkSum(header);
      const bytes = extension.bytes ?? octal(header, field.size);
      const content = offset + BLOCK;
      if (content + bytes > size) throw new CutShortError();
      const type = String.fromCharCode(header[field.type] as number);
      if (type === 'L' || type === 'x') {
        if (bytes > EXTENSION_BYTES) throw new ArchiveError('a header is too long');
        const text = await readBlock(file, content, bytes);
        extension = { ...extension, ...(type === 'L' ? { path: cString(text) } : pax(text)) };
      } else if (type !== 'g') {
        yield listed(type, extension.path ?? nameOf(header), content, bytes);
        extension = {};
      }
      offset = content + Math.ceil(bytes / BLOCK) * BLOCK;
    }
    if (ended) throw new CutShortError();
  } finally {
    await file.close();
  }
}

function listed(type: string, name: string, offset: number, bytes: number): Listed {
  if (type === '5') return { kind: 'folder' };
  const refuse = (detail: string): Listed => ({ kind: 'refused', name, code: 'unreadable', detail });
  if (type !== '0' && type !== '\0' && type !== '7') return refuse('it is a link, a device or a pipe');
  // A leading `./` is what `tar -C folder .` writes.
  const plain = name.replace(/^(?:\.\/)+/, '');
  if (plain.startsWith('/') || /^[a-z]:/i.test(plain)) return refuse(`absolute path: ${name}`);
  if (plain.split(/[/\\]/).includes('..')) return refuse(`invalid relative path: ${name}`);
  return { kind: 'file', name: plain, member: { kind: 'stored', offset, bytes }, packedBytes: bytes };
}

async function readBlock(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead !== length) throw new CutShortError();
  return bytes;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checkSum(header: Uint8Array): void {
  const [from, to] = field.checksum;
  const sum = header.reduce((all, byte, index) => all + (index >= from && index < to ? 32 : byte), 0);
  if (sum !== octal(header, field.checksum)) throw new ArchiveError('it is no tar archive');
}

function octal(header: Uint8Array, [from, to]: readonly [number, number]): number {
  // GNU's base 256 for sizes from 8 GB on, which no picture has.
  if ((header[from] as number) & 0x80) throw new ArchiveError('a file in it is too large');
  const text = cString(header.subarray(from, to)).trim();
  if (!/^[0-7]*$/.test(text)) throw new ArchiveError('it is no tar archive');
  return text === '' ? 0 : parseInt(text, 8);
}

function nameOf(header: Uint8Array): string {
  const name = cString(header.subarray(...field.name));
  const ustar = cString(header.subarray(...field.magic)) === 'ustar';
  const prefix = ustar ? cString(header.subarray(...field.prefix)) : '';
  return prefix ? `${prefix}/${name}` : name;
}

/** UTF-8 up to the first NUL. */
function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

/** Records `length key=value\n`. */
function pax(bytes: Uint8Array): Extension {
  const text = Buffer.from(bytes);
  let extension: Extension = {};
  for (let at = 0; at < text.length;) {
    const length = Number(/^(\d{1,6}) /.exec(text.toString('latin1', at, at + 8))?.[1] ?? 0);
    if (length < 5 || at + length > text.length) throw new ArchiveError('an extended header is broken');
    const [key = '', ...value] = text.toString('utf8', at + String(length).length + 1, at + length - 1).split('=');
    if (key === 'path') extension = { ...extension, path: value.join('=') };
    if (key === 'size') extension = { ...extension, bytes: wholeNumber(value.join('=')) };
    at += length;
  }
  return extension;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new ArchiveError('an extended header is broken');
  return Number(text);
}

import { promisify } from 'node:util';
import { getFileNameLowLevel, open, validateFileName, type Entry, type Options, type ZipFile } from 'yauzl';
import { ArchiveError, type Member } from './member';
import type { Listed } from './listed';

const openZip = promisify<string, Options, ZipFile>(open);

/** Bytes of an entry's two headers, each followed by its name. */
const HEADERS = 30 + 46;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** The upper half of the external attributes are Unix's mode where the archive was made there. */
const FILE_TYPE = 0o170000;
const LINK = 0o120000;

/** The members of a zip archive by its central directory; nothing is unpacked. {@link ArchiveError} when it cannot be read. */
export async function* listZip(path: string): AsyncGenerator<Listed> {
  // Names are decoded and judged here, one by one: yauzl gives up an archive for one bad name.
  const options = { lazyEntries: true, decodeStrings: false, autoClose: false } as const;
  const zip = await openZip(path, options).catch((error: unknown) => {
    throw new ArchiveError(error instanceof Error ? error.message : String(error));
  });
  try {
    for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) yield listed(entry);
  } finally {
    zip.close();
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (work: () => void) => () => {
      zip.removeAllListeners();
      // After its end or a refusal it may still tell an error; nobody waits for it then.
      zip.on('error', () => undefined);
      work();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry))());
    zip.once(
      'end',
      settle(() => resolve(undefined)),
    );
    zip.once('error', (error: Error) => settle(() => reject(new ArchiveError(error.message)))());
    zip.readEntry();
  });
}

function listed(entry: Entry): Listed {
  const raw = entry.fileName as unknown as Buffer;
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
  if (name.endsWith('/')) return { kind: 'folder' };
  const refused = refusal(entry, name);
  if (refused !== undefined) return { kind: 'refused', name, ...refused };
  const member: Member = {
    kind: 'zipped',
    offset: entry.relativeOffsetOfLocalHeader,
    bytes: entry.uncompressedSize,
    compressedBytes: entry.compressedSize,
    deflated: entry.compressionMethod === DEFLATED,
    crc32: entry.crc32,
  };
  return { kind: 'file', name, member, packedBytes: entry.compressedSize + HEADERS + 2 * raw.length };
}

function refusal(
  entry: Entry,
  name: string,
): { readonly code: 'unreadable' | 'unsupported'; readonly detail: string } | undefined {
  const unsafe = validateFileName(name);
  if (unsafe !== null && unsafe !== undefined) return { code: 'unreadable', detail: unsafe };
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK)
    return { code: 'unreadable', detail: 'it is a link' };
  if (entry.generalPurposeBitFlag & ENCRYPTED) return { code: 'unsupported', detail: 'it is encrypted' };
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    return { code: 'unsupported', detail: `it is packed by method ${entry.compressionMethod}` };
  }
  return undefined;
}

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { isArchiveName } from '#shared/dataset/archiveName';
import { failDisk, makeFolder, systemCode } from './atomic';
import { uploadSegments } from './uploadName';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Files of one name in one folder (names that were replaced or cut may meet). */
const SAME_NAME = 100;

/** Caps of one upload; `limits` unless a test says otherwise. */
export type UploadCaps = Readonly<Record<'uploadFileBytes' | 'uploadFiles' | 'uploadBytes', number>>;

/** Files on their way from a page to an import, under names of their own making inside one folder. */
export interface StagedUpload {
  readonly id: string;
  readonly folder: string;
  /** Takes one file in, whole or as it comes. Throws `upload.name-refused`, `upload.too-large`, `dataset.too-many-files`, `upload.unknown`, `disk.full`, `disk.failed`. */
  add(name: string, bytes: Readable | Uint8Array): Promise<void>;
  /** What lies at the upload's top, in a fixed order, to be imported as if it had been dropped itself; the folder when there is nothing. */
  roots(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** Opens a new upload under `folder`; whoever opens it removes it. */
export async function openUpload(folder: string, caps: UploadCaps = limits): Promise<StagedUpload> {
  const id = randomUUID();
  const own = join(folder, id);
  await makeFolder(own);
  let files = 0;
  let removed = false;
  let bytesTaken = 0;
  return {
    id,
    folder: own,
    async add(name, bytes) {
      if (removed) fail('upload.unknown');
      const segments = uploadSegments(name);
      if (!segments) return fail('upload.name-refused', { file: name.slice(0, 200) });
      if (++files > caps.uploadFiles) fail('dataset.too-many-files', { files, limit: caps.uploadFiles });
      const cap = isArchiveName(name) ? caps.uploadBytes : caps.uploadFileBytes;
      let taken = 0;
      const count = (chunk: Uint8Array, fileBytes: number): void => {
        bytesTaken += chunk.length;
        taken = fileBytes;
        if (fileBytes > cap) fail('upload.too-large', { file: name, limit: cap });
        if (bytesTaken > caps.uploadBytes) fail('upload.too-large', { file: name, limit: caps.uploadBytes });
      };
      await writeNew(join(own, ...segments), bytes, count).catch((error: unknown) => {
        // Nothing of it stayed: the others may have its room.
        bytesTaken -= taken;
        return failUpload(error, name);
      });
    },
    async roots() {
      const names = await readdir(own).catch(() => []);
      return names.length > 0 ? names.toSorted().map((name) => join(own, name)) : [own];
    },
    remove() {
      removed = true;
      return rm(own, { recursive: true, force: true });
    },
  };
}

/** Removes what uploads of more than a day ago left behind: pages that were closed amid one, a program that was killed. */
export async function removeStaleUploads(folder: string, now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now - mtimeMs > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Writes a file that did not exist, under the next free name; on any error nothing of it stays. */
async function writeNew(
  wanted: string,
  bytes: Readable | Uint8Array,
  count: (chunk: Uint8Array, fileBytes: number) => void,
): Promise<void> {
  await mkdir(dirname(wanted), { recursive: true });
  const { path, file } = await createFree(wanted);
  try {
    if (bytes instanceof Uint8Array) {
      count(bytes, bytes.length);
      await file.writeFile(bytes);
      await file.close();
    } else {
      await pipeline(bytes, counter(count), file.createWriteStream());
    }
  } catch (error) {
    // Some systems remove no file that is open; a stream has closed it itself.
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

/** Tells each chunk, and how much of the file there is with it. */
function counter(count: (chunk: Uint8Array, fileBytes: number) => void): Transform {
  let fileBytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      fileBytes += chunk.length;
      try {
        count(chunk, fileBytes);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** Opens `a.png`, or `a (2).png` … when it is taken, also by a name that differs in case alone where the disk says so. */
async function createFree(wanted: string): Promise<{ readonly path: string; readonly file: FileHandle }> {
  const { dir, name, ext } = parse(wanted);
  for (let number = 1; number <= SAME_NAME; number++) {
    const path = number === 1 ? wanted : join(dir, `${name} (${number})${ext}`);
    try {
      return { path, file: await open(path, 'wx', 0o600) };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
  return fail('upload.name-refused', { file: name });
}

function failUpload(error: unknown, file: string): never {
  // A file where another name needs a folder, a folder where a file was meant, or more than this disk takes for a name.
  const refused = ['ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG'].includes(systemCode(error) ?? '');
  return refused ? fail('upload.name-refused', { file }) : failDisk(error, file);
}

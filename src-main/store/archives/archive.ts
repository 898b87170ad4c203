import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip } from 'node:zlib';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { failDisk, makeSubfolder, systemCode } from '../atomic';
import type { Listed } from './listed';
import { ArchiveError } from './member';
import { listTar } from './tar';
import { listZip } from './zip';

const kinds = [
  { ending: /\.zip$/i, list: listZip, packed: false },
  { ending: /\.tar$/i, list: listTar, packed: false },
  // Unpacked as far as it goes: that it was cut short shows by the end that it lacks.
  { ending: /\.(?:tar\.gz|tgz)$/i, list: (path: string) => listTar(path, true), packed: true },
] as const;

/** Caps of one archive; `limits` unless a test says otherwise. */
export type ArchiveCaps = Readonly<
  Record<
    'archiveFiles' | 'archiveBytes' | 'archiveRatio' | 'archiveRatioFrom' | 'uploadNameLength' | 'folderDepth',
    number
  >
>;

export interface OpenArchive {
  /** The file that the members are read from by {@link readMember}. */
  readonly path: string;
  /** What is in it, entry by entry; {@link ArchiveError} when it is damaged or breaks a cap, its kind CutShortError after what is whole. */
  entries(): AsyncGenerator<Exclude<Listed, { kind: 'folder' }>>;
}

interface OpenOptions {
  readonly caps?: ArchiveCaps | undefined;
  /** Ends the unpacking. */
  readonly signal?: AbortSignal | undefined;
}

/** How the names of files begin that archives are unpacked to. */
export const UNPACKED = 'unpacked-';
let unpacked = 0;

/**
 * Opens an archive to be listed. One that is compressed as a whole (tar.gz) is unpacked to a file in `scratch`, which its caller removes: its members
 * can be found no other way. `disk.full`, `disk.failed`, `job.cancelled`; {@link ArchiveError} for what is no archive.
 */
export async function openArchive(
  path: string,
  scratch: string,
  { caps = limits, signal }: OpenOptions = {},
): Promise<OpenArchive> {
  const kind = kinds.find(({ ending }) => ending.test(path));
  if (!kind) throw new ArchiveError('it is no archive');
  const { size } = await stat(path);
  const readable = kind.packed ? await gunzip(path, size, scratch, caps, signal) : path;
  return { path: readable, entries: () => capped(kind.list(readable), size, kind.packed, caps) };
}

async function* capped(
  entries: AsyncGenerator<Listed>,
  archiveBytes: number,
  packed: boolean,
  caps: ArchiveCaps,
): ReturnType<OpenArchive['entries']> {
  let [count, bytes, packedBytes] = [0, 0, 0];
  for await (const entry of entries) {
    if (++count > caps.archiveFiles) throw new ArchiveError(`it holds more than ${caps.archiveFiles} files`);
    if (entry.kind === 'folder') continue;
    const { name } = entry;
    if (name.length > caps.uploadNameLength || name.split('/').length > caps.folderDepth) {
      const shown = `${name.slice(0, 100)}…`;
      yield { kind: 'refused', name: shown, code: 'name', detail: 'its name is too long or too deep' };
      continue;
    }
    if (entry.kind === 'file') {
      bytes += entry.member.bytes;
      packedBytes += entry.packedBytes;
      // Members that lie in one another are how small archives unpack to petabytes (Fifield 2019, “A better zip bomb”).
      if (!packed && packedBytes > archiveBytes) throw new ArchiveError('its files overlap');
      checkSize(bytes, archiveBytes, caps);
    }
    yield entry;
  }
}

function checkSize(bytes: number, archiveBytes: number, caps: ArchiveCaps): void {
  if (bytes > caps.archiveBytes) throw new ArchiveError(`it unpacks to more than ${caps.archiveBytes} bytes`);
  if (bytes > caps.archiveRatioFrom && bytes > archiveBytes * caps.archiveRatio) {
    throw new ArchiveError(`it unpacks to more than ${caps.archiveRatio} times its size`);
  }
}

async function gunzip(
  path: string,
  size: number,
  scratch: string,
  caps: ArchiveCaps,
  signal: AbortSignal | undefined,
): Promise<string> {
  const target = join(scratch, `${UNPACKED}${process.pid}-${unpacked++}.tar`);
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      try {
        checkSize(bytes, size, caps);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  await makeSubfolder(scratch);
  try {
    await pipeline(
      createReadStream(path),
      createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
      meter,
      createWriteStream(target, { flags: 'wx', mode: 0o600 }),
      { signal },
    );
    return target;
  } catch (error) {
    await rm(target, { force: true }).catch(() => undefined);
    if (error instanceof ArchiveError) throw error;
    if (signal?.aborted) return fail('job.cancelled');
    const code = systemCode(error) ?? '';
    // zlib's own codes.
    if (code.startsWith('Z_')) throw new ArchiveError(`it cannot be unpacked: ${(error as Error).message}`);
    return failDisk(error, target);
  }
}

/** The name of a member as it is shown, after the archive's. */
export const memberName = (archive: string, member: string): string =>
  posix.join(archive, member.replaceAll('\\', '/'));

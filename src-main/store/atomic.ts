import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, GanvasError } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { upgrade, type Format } from './format';

/** Ends of the names that belong to writes in flight; what is left of one after a crash is never read. */
export const TEMPORARY = '.tmp';
let temporaryCount = 0;

/** The `code` of a Node system error, such as `ENOENT`; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Throws `disk.full` or `disk.failed` for a system error met while writing `file`; a GanvasError passes as it is. */
export function failDisk(error: unknown, file: string): never {
  if (error instanceof GanvasError) throw error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return fail('disk.full', { file });
  // A project that was moved or deleted meanwhile, in words instead of a system call's.
  if (code === 'ENOENT') return fail('disk.failed', { file, problem: 'its folder is no longer there' });
  return fail('disk.failed', { file, problem: error instanceof Error ? error.message : String(error) });
}

/** Writes a new file whole and waits until the disk has it. The folder's entry is the caller's to sync. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    // writeFile loops over short writes; the size is checked all the same, because a full disk must never pass for success.
    await file.writeFile(bytes);
    const { size } = await file.stat();
    if (size !== bytes.length) fail('disk.failed', { file: path, problem: `${size} of ${bytes.length} bytes written` });
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames and new names in a folder durable. Windows cannot open folders, and needs no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Replaces a file's content so that at any moment, also after a crash or a power cut, it is the old or the new one, never a part.
 * `disk.full` and `disk.failed` leave the old content.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const folder = dirname(path);
  // In the same folder: a rename across file systems would be a copy.
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${temporaryCount++}${TEMPORARY}`);
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    // A folder that cannot be tidied must not hide why the write failed.
    await rm(temporary, { force: true }).catch(() => undefined);
    failDisk(error, path);
  }
}

/** Makes a folder and those above it. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    failDisk(error, path);
  }
}

/**
 * Makes one folder, where there is none yet, inside one that is there. What belongs to a project is made by this: a project that was moved or
 * deleted meanwhile must not rise again at its old place, as a shell that takes the checkpoints.
 */
export async function makeSubfolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') failDisk(error, path);
  }
}

/** Whether a path leads to something, followed through links. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Reads a JSON file of a format, upgraded to its newest version and checked. Undefined when there is no such file;
 * `project.unreadable` when it is damaged, `project.newer` when it comes from a later Ganvas.
 */
export async function readJsonIfPresent<T>(path: string, format: Format<T>): Promise<T | undefined> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > limits.jsonBytes) return fail('project.unreadable', { file: path, problem: `it has ${size} bytes` });
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof GanvasError) throw error;
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return fail('project.unreadable', { file: path, problem: code ?? 'it cannot be opened' });
  }
  return upgrade(parseJson(text, path), format, path);
}

/** As {@link readJsonIfPresent}, for a file that must be there. */
export async function readJson<T>(path: string, format: Format<T>): Promise<T> {
  return (
    (await readJsonIfPresent(path, format)) ?? fail('project.unreadable', { file: path, problem: 'it is missing' })
  );
}

/** Writes a value as JSON with its format's version, atomically. */
export async function writeJson<T extends object>(path: string, value: T, format: Format<T>): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify({ ...value, version: format.version }, null, 1)}\n`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'it is not JSON';
    return fail('project.unreadable', { file: path, problem });
  }
}

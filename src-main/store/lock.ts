import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { fail } from '#shared/contract/errors';
import { failDisk, systemCode, TEMPORARY } from './atomic';

/** Held while a program writes to a project, or does what {@link whileLocked} guards; whoever opened it releases it. */
export interface ProjectLock {
  release(): Promise<void>;
}

const RETRY_MS = 10;

const Owner = z.object({
  pid: z.int().min(1),
  /** When the process began, as the system counts it; undefined where it cannot be known. */
  started: z.string().optional(),
  /** Tells this lock from every other one. */
  token: z.uuid(),
});
type Owner = z.output<typeof Owner>;

/**
 * Makes this process the one that may write to the project in `dir`; `project.locked` names the process that does already, this one included.
 * The lock of a process that died is taken over. It guards against programs on the same machine, not across a network share.
 */
export async function lockProject(dir: string): Promise<ProjectLock> {
  const taken = await takeLock(join(dir, 'lock'));
  return 'release' in taken ? taken : fail('project.locked', { pid: taken.pid });
}

/**
 * Does what takes a moment while no other program does, by a lock file of its own. One that holds the lock longer than `waitMs` is not waited for any more: for
 * what is better done twice than never.
 */
export async function whileLocked<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const until = performance.now() + waitMs;
  let taken = await takeLock(path);
  while (!('release' in taken) && performance.now() < until) {
    await setTimeout(RETRY_MS);
    taken = await takeLock(path);
  }
  try {
    return await work();
  } finally {
    if ('release' in taken) await taken.release();
  }
}

/** Takes a lock file, or tells which process has it. */
async function takeLock(path: string): Promise<ProjectLock | { readonly pid: number | 'unknown' }> {
  const owner: Owner = { pid: process.pid, started: await startOf(process.pid), token: randomUUID() };
  // Twice: once more after a dead owner's lock was cleared away.
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await create(path, owner)) return { release: () => release(path, owner) };
    const present = await readOwner(path);
    if (present && (await isAlive(present))) return { pid: present.pid };
    await clearStale(path, present);
  }
  return { pid: (await readOwner(path))?.pid ?? 'unknown' };
}

/** Creates the lock with its content in one step (a link to a finished file), or tells that there is one. */
async function create(path: string, owner: Owner): Promise<boolean> {
  const prepared = `${path}.${owner.token}${TEMPORARY}`;
  try {
    const file = await open(prepared, 'wx');
    await file.writeFile(JSON.stringify(owner)).finally(() => file.close());
    await link(prepared, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    return failDisk(error, path);
  } finally {
    await rm(prepared, { force: true }).catch(() => undefined);
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return Owner.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Gone, or not a lock that this program wrote whole: nobody's.
    return undefined;
  }
}

/**
 * Moves a dead owner's lock out of the way. Another program may have done so in between and hold a new lock under the same name:
 * what was moved is looked at again and put back if it is not the dead one's.
 */
async function clearStale(path: string, stale: Owner | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    failDisk(error, path);
  }
  const moved = await readOwner(aside);
  if (moved && moved.token !== stale?.token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true }).catch((error: unknown) => failDisk(error, aside));
}

async function release(path: string, owner: Owner): Promise<void> {
  if ((await readOwner(path))?.token === owner.token) await rm(path, { force: true });
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if (systemCode(error) !== 'EPERM') return false;
  }
  // Process ids are used again; the start time tells the next bearer from the lock's owner.
  const startedNow = await startOf(pid);
  return started === undefined || startedNow === undefined || started === startedNow;
}

/** Boot and clock ticks at which a process began (proc(5), field 22 of stat); undefined where there is no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return ticks === undefined ? undefined : `${boot.trim()}:${ticks}`;
  } catch {
    return undefined;
  }
}

import { stat } from 'node:fs/promises';
import type { Project } from '../project';
import { curationPath, readCuration, type CurationRecord } from './curationFile';

/** Projects whose curations are kept. */
const KEPT = 2;
/** A file that was changed so lately, milliseconds, may be changed again without another time: no disk tells them coarser than by two seconds (FAT). */
const SETTLED_MS = 3000;

/** Curations as they are on the disk, whoever wrote them; one that did not change since it was read is not parsed again. */
export class CurationCache {
  /** By folder, the one asked for last at the end. */
  readonly #kept = new Map<string, { readonly stamp: string; readonly record: CurationRecord }>();
  readonly #now: () => number;

  /** `now`: the clock that files' times are told by, milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async read(project: Pick<Project, 'dir'>): Promise<CurationRecord> {
    // Before it is read: a change meanwhile gives it another stamp.
    const stamp = await this.#stampOf(curationPath(project));
    const kept = this.#kept.get(project.dir);
    const record = kept && kept.stamp === stamp ? kept.record : await readCuration(project);
    this.#kept.delete(project.dir);
    if (stamp !== undefined) this.#kept.set(project.dir, { stamp, record });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return record;
  }

  /** What changes with the file; undefined where nothing does for certain. */
  async #stampOf(path: string): Promise<string | undefined> {
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    if (!stats || this.#now() - Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs)) < SETTLED_MS) return undefined;
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  }
}

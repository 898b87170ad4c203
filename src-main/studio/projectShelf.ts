import { fail, GanvasError } from '#shared/contract/errors';
import { Serial } from '../engine/serial';
import { exclusively } from '../store/dataset/exclusive';
import { lockProject, type ProjectLock } from '../store/lock';
import { openProject } from '../store/project';
import { forgetProject, readRecent, rememberProject, type RecentProject } from '../store/recent';
import { OpenProject } from './openProject';

/** The open projects by id, and the list of recent ones in `home`. Projects stay open until the studio closes. */
export class ProjectShelf {
  readonly #home: string;
  readonly #open = new Map<string, OpenProject>();
  /** Folders of the projects taken off the list since the start, by id: opening one again is the undo. */
  readonly #forgotten = new Map<string, string>();
  /** Opening is done one after the other: the same project asked for twice at once must not meet its own lock. */
  readonly #serial = new Serial();

  constructor(home: string) {
    this.#home = home;
  }

  /** Opens the project in a folder, for writing where nobody else does, and puts it at the head of the recent ones. */
  openAt(dir: string): Promise<OpenProject> {
    return this.#serial.run(async () => {
      const project = await openProject(dir);
      const present = this.#open.get(project.id);
      // A copied folder has its original's id: the one that was asked for last counts.
      const open = present?.project.dir === project.dir ? present : await this.#replace(present, project);
      await this.#tryLock(open);
      await this.#remember(open);
      return open;
    });
  }

  /** The project of an id; one that is not open yet is looked for among the recent ones. `project.unknown` when it is not there. */
  async get(id: string): Promise<OpenProject> {
    const open = this.#open.get(id);
    if (open) return open;
    const path = (await this.#recentPath(id)) ?? this.#forgotten.get(id);
    return path === undefined ? fail('project.unknown') : this.openAt(path);
  }

  /** The project in a folder if it is open already. */
  peek(id: string, dir: string): OpenProject | undefined {
    const open = this.#open.get(id);
    return open?.project.dir === dir ? open : undefined;
  }

  /** As {@link get}, for a change: `project.locked` when another program has it. */
  async writable(id: string): Promise<OpenProject> {
    const open = await this.get(id);
    if (!open.lock) {
      await this.#serial.run(async () => {
        if (open.lock) return;
        open.lock = await lockProject(open.project.dir);
        await open.refresh();
      });
    }
    return open;
  }

  recent(): Promise<readonly RecentProject[]> {
    return readRecent(this.#home);
  }

  /** Gives a project another name, on disk and in the list of recent ones. */
  async rename(open: OpenProject, name: string): Promise<void> {
    await open.project.rename(name);
    await this.#serial.run(() => this.#remember(open));
  }

  forget(id: string): Promise<readonly RecentProject[]> {
    return this.#serial.run(async () => {
      const path = await this.#recentPath(id);
      if (path !== undefined) this.#forgotten.set(id, path);
      return forgetProject(this.#home, id);
    });
  }

  /** Gives every lock back. */
  close(): Promise<void> {
    return this.#serial.run(async () => {
      for (const { project, lock } of this.#open.values()) {
        // An import that is ending still writes.
        await exclusively(project.dir, () => Promise.resolve());
        await lock?.release();
      }
      this.#open.clear();
    });
  }

  async #recentPath(id: string): Promise<string | undefined> {
    return (await readRecent(this.#home)).find((project) => project.id === id)?.path;
  }

  async #remember({ id, project }: OpenProject): Promise<void> {
    try {
      await rememberProject(this.#home, { id, name: project.name, dir: project.dir });
    } catch (error) {
      // The list is a convenience: a home that cannot be written to must not keep a project from being opened.
      if (!(error instanceof GanvasError)) throw error;
    }
  }

  async #replace(
    present: OpenProject | undefined,
    project: Awaited<ReturnType<typeof openProject>>,
  ): Promise<OpenProject> {
    const { state } = present?.status.run ?? { state: 'none' };
    if (state !== 'none' && state !== 'stopped') fail('training.running');
    const open = await OpenProject.read(project, undefined);
    await present?.lock?.release();
    this.#open.set(open.id, open);
    return open;
  }

  /** Takes the lock where that is possible; without it the project can be looked at. */
  async #tryLock(open: OpenProject): Promise<void> {
    if (open.lock) return;
    let lock: ProjectLock | undefined;
    try {
      lock = await lockProject(open.project.dir);
    } catch (error) {
      // In use elsewhere, or on a disk that cannot be written to.
      if (!(error instanceof GanvasError)) throw error;
    }
    open.lock = lock;
    await open.refresh();
  }
}

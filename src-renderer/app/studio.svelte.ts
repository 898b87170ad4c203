import { getContext, setContext } from 'svelte';
import type { AppInfo, CurationSummary, ProjectDetail, ProjectSummary, RunStatus } from '#shared/contract/types';
import type { Client, Connection } from '../transport/client';
import { earlierChanges } from './earlierChanges';
import { Machine } from './machine.svelte';
import { Messages } from './messages.svelte';
import { trainingReadiness } from './readiness';
import { RecipeEditor } from './recipeEditor.svelte';
import type { RoomId } from './rooms';
import { isActive } from './runWords';
import { TrainingControl } from './trainingControl.svelte';
import { ImportControl } from './importControl.svelte';

/**
 * What every room knows: the client, the open project, its run, where the user is, what just happened. One for the page; whoever makes it
 * closes it. Rooms get it by {@link useStudio}.
 */
export class Studio {
  readonly client: Client;
  readonly messages = new Messages(() => earlierChanges(this));
  readonly recipe: RecipeEditor;
  readonly training: TrainingControl;
  readonly imports: ImportControl;
  readonly machine: Machine;

  info = $state.raw<AppInfo>();
  connection = $state.raw<Connection>({ state: 'connected' });
  recent = $state.raw<readonly ProjectSummary[]>();
  /** Why the studio could not be asked for the first things, until it answers. */
  startError = $state.raw<unknown>();
  project = $state.raw<ProjectDetail>();
  /** The open project's run as the newest event tells it: newer than `project.run`. */
  run = $state.raw<RunStatus>();
  room = $state<RoomId>('data');
  /** Whether the open project's run occupies the trainer. */
  readonly running = $derived.by(() => this.run !== undefined && isActive(this.run.run));
  /** Whether training could start, or why not. */
  readonly readiness = $derived.by(() => trainingReadiness(this.project, this.recipe.draft, this.recipe.checked));
  readonly #ends: (() => void)[];

  constructor(client: Client) {
    this.client = client;
    this.recipe = new RecipeEditor(client, this.messages, () => this.running);
    this.training = new TrainingControl(this);
    this.imports = new ImportControl(this);
    this.machine = new Machine(client);
    this.#ends = [
      client.onConnection((connection) => {
        const back = this.connection.state === 'retrying' && connection.state === 'connected';
        this.connection = connection;
        if (back) void this.refresh();
      }),
      client.on('project.changed', ({ project }) => {
        if (project.summary.id === this.project?.summary.id) this.takeProject(project);
      }),
      client.on('curation.changed', ({ projectId, curation }) => this.takeCuration(projectId, curation)),
      client.on('training.status', (status) => {
        // A first start finds out what automatic is.
        if (status.run.state === 'training' && this.machine.info?.automatic === undefined) void this.machine.load();
        this.takeRun(status);
        this.#noteInRecent(status);
      }),
      client.on('training.report', ({ projectId, report }) => {
        if (this.run?.projectId === projectId) this.run = { ...this.run, step: report.step, report };
      }),
    ];
  }

  /** Asks for what the first screen shows. */
  async start(): Promise<void> {
    this.startError = undefined;
    void this.machine.load();
    try {
      [this.info, this.recent] = await Promise.all([
        this.client.call('app.info', {}),
        this.client.call('projects.recent', {}),
      ]);
    } catch (thrown) {
      this.startError = thrown;
    }
  }

  /** Opens a project of the recent ones. */
  async open(projectId: string): Promise<void> {
    await this.#enter(() => this.client.call('projects.open', { projectId }));
  }

  /** Opens a project by the system's own folder dialog (desktop only). */
  async openFromDisk(): Promise<void> {
    await this.#enter(() => this.client.openProject?.() ?? Promise.resolve(undefined));
  }

  /** Makes a project and opens it; throws what the studio says. */
  async create(name: string): Promise<ProjectDetail> {
    const project = await this.client.call('projects.create', { name });
    this.takeProject(project);
    return project;
  }

  /** Back to the first screen; a run goes on. */
  async leave(): Promise<void> {
    try {
      await this.recipe.flush();
    } catch {
      // The status line says that the recipe could not be saved: the user stays with it.
      return;
    }
    this.takeProject(undefined);
    await this.start();
  }

  takeProject(project: ProjectDetail | undefined): void {
    const another = project?.summary.id !== this.project?.summary.id;
    if (another) {
      this.messages.clear();
      this.training.error = undefined;
    }
    this.project = project;
    this.run = project?.run;
    this.recipe.follow(project);
  }

  /** Takes a curation unless a newer one is known. */
  takeCuration(projectId: string, curation: CurationSummary): void {
    const { project } = this;
    if (project?.summary.id !== projectId || curation.revision < project.curation.revision) return;
    this.project = { ...project, curation };
  }

  takeRun(status: RunStatus): void {
    if (status.projectId === this.project?.summary.id) this.run = status;
  }

  /** Asks again for all that events may have told while the connection was lost. */
  async refresh(): Promise<void> {
    await this.start();
    const id = this.project?.summary.id;
    if (id !== undefined) await this.#enter(() => this.client.call('projects.open', { projectId: id }), this.room);
  }

  close(): void {
    for (const end of this.#ends) end();
    this.client.close();
  }

  #noteInRecent({ projectId, step, run }: RunStatus): void {
    this.recent = this.recent?.map((entry) => (entry.id === projectId ? { ...entry, step, run } : entry));
  }

  async #enter(ask: () => Promise<ProjectDetail | undefined>, room?: RoomId): Promise<void> {
    try {
      const project = await ask();
      if (!project) return;
      this.takeProject(project);
      this.room = room ?? roomFor(project);
    } catch (thrown) {
      this.messages.failed(thrown);
    }
  }
}

/** Where a user goes on with a project: pictures first, then training. */
function roomFor({ dataset }: ProjectDetail): RoomId {
  return dataset && dataset.images > 0 ? 'train' : 'data';
}

/** Context key; tests of a component provide their own studio under it. */
export const studioKey = Symbol('studio');

/** Makes the studio known to all components below. For App and tests. */
export function provideStudio(studio: Studio): void {
  setContext(studioKey, studio);
}

export function useStudio(): Studio {
  return getContext<Studio>(studioKey);
}

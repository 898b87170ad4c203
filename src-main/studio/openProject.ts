import { fromErrorData, toErrorData, type ErrorCode, type Facts } from '#shared/contract/errors';
import type {
  CurationSummary,
  DatasetSummary,
  ProjectDetail,
  ProjectSummary,
  RunStatus,
  UnfinishedImport,
} from '#shared/contract/types';
import { sameNetworks, type Recipe } from '#shared/recipe/recipe';
import { newestCheckpointStep } from '../store/checkpoints';
import { readCurationSummary } from '../store/dataset/curationSummary';
import { readDatasetSummary } from '../store/dataset/manifest';
import { readUnfinishedImport } from '../store/dataset/unfinished';
import type { ProjectLock } from '../store/lock';
import { readMetrics } from '../store/metrics';
import type { Project } from '../store/project';
import { readTrainedSessions } from '../store/runPictures';
import { latestRun, type Run } from '../store/runs';

type StatusOnDisk = Omit<RunStatus, 'continuable' | 'classes'>;

/** A project as the studio holds it: what is on disk, kept in step with it by the one program that has the lock. */
export class OpenProject {
  readonly project: Project;
  /** Undefined: another program writes to it, or the disk is read-only. */
  lock: ProjectLock | undefined;
  recipe: Recipe;
  dataset: DatasetSummary | undefined;
  curation: CurationSummary;
  #unfinished: UnfinishedImport | undefined;
  /** The newest run. */
  run: Run | undefined;
  /** Without what follows from the recipe and the run. */
  #status: StatusOnDisk;
  readonly #openedAt = new Date().toISOString();

  private constructor(project: Project, lock: ProjectLock | undefined, state: Awaited<ReturnType<typeof readState>>) {
    this.project = project;
    this.lock = lock;
    this.recipe = state.recipe;
    this.dataset = state.dataset;
    this.curation = state.curation;
    this.#unfinished = state.unfinished;
    this.run = state.run;
    this.#status = state.status;
  }

  static async read(project: Project, lock: ProjectLock | undefined): Promise<OpenProject> {
    return new OpenProject(project, lock, await readState(project));
  }

  /** Reads again what another program may have changed meanwhile. */
  async refresh(): Promise<void> {
    const { recipe, dataset, curation, run, status, unfinished } = await readState(this.project);
    Object.assign(this, { recipe, dataset, curation, run });
    this.#status = status;
    this.#unfinished = unfinished;
  }

  /** Takes the pictures as an import or a clearing left them. */
  async takeDataset(dataset: DatasetSummary | undefined): Promise<void> {
    this.curation = await readCurationSummary(this.project, dataset);
    this.dataset = dataset;
    await this.findUnfinished();
  }

  /** Looks whether an import was cut off. */
  async findUnfinished(): Promise<void> {
    this.#unfinished = await readUnfinishedImport(this.project);
  }

  get id(): string {
    return this.project.id;
  }

  get status(): RunStatus {
    const { run, recipe } = this;
    const goal = this.#status.run.state === 'none' ? recipe.training.steps : this.#status.goal;
    const continuable = run !== undefined && sameNetworks(run.recipe, recipe);
    return { ...this.#status, goal, continuable, classes: run?.recipe.classes ?? [] };
  }

  updateStatus(change: Partial<Omit<StatusOnDisk, 'projectId'>>): RunStatus {
    this.#status = { ...this.#status, ...change };
    return this.status;
  }

  get summary(): ProjectSummary {
    const { id, name, dir } = this.project;
    const { step, run } = this.#status;
    return { id, name, path: dir, pictures: this.dataset?.images ?? 0, step, openedAt: this.#openedAt, run };
  }

  get detail(): ProjectDetail {
    const { summary, recipe, dataset, curation, status } = this;
    const readOnly = this.lock === undefined;
    // Where another program has the project, its import may be going on.
    const unfinished = readOnly ? undefined : this.#unfinished;
    return { summary, recipe, dataset, curation, run: status, readOnly, unfinished };
  }
}

async function readState(project: Project) {
  const [recipe, dataset, run, unfinished] = await Promise.all([
    project.readRecipe(),
    readDatasetSummary(project),
    latestRun(project),
    readUnfinishedImport(project),
  ]);
  const curation = await readCurationSummary(project, dataset);
  return { recipe, dataset, curation, run, unfinished, status: await statusOnDisk(project.id, recipe, run) };
}

/** Where the newest run stands by what is on disk. A run that no end was written down for was cut off by the end of its program. */
async function statusOnDisk(projectId: string, recipe: Recipe, run: Run | undefined): Promise<StatusOnDisk> {
  const nothing = { projectId, engine: undefined, secondsLeft: undefined, goal: recipe.training.steps };
  if (!run) {
    return {
      ...nothing,
      runId: undefined,
      run: { state: 'none' },
      step: 0,
      seed: 0,
      untuned: false,
      report: undefined,
      checkpointStep: undefined,
      trainedOn: undefined,
    };
  }
  const checkpointStep = await newestCheckpointStep(run.dir);
  const step = checkpointStep ?? 0;
  const reports = await readMetrics(run.dir);
  const session = (await readTrainedSessions(run.dir)).findLast(({ fromStep }) => fromStep <= step);
  const error = run.end?.error && toErrorData(fromErrorData(run.end.error as { code: ErrorCode; facts: Facts }));
  return {
    ...nothing,
    runId: run.id,
    run: { state: 'stopped', reason: run.end?.reason ?? 'interrupted', ...(error && { error }) },
    step,
    seed: run.seed,
    untuned: run.untuned,
    // What came after the checkpoint is lost, and will be done anew.
    report: reports.findLast((report) => report.step <= step),
    checkpointStep,
    trainedOn: session && { hash: session.hash, count: session.trained },
  };
}

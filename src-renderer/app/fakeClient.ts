import { api, type CheckedParams, type Method, type Params, type Result } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import type { EventMessage } from '#shared/contract/events';
import type {
  CurationSummary,
  DatasetSummary,
  ImportSummary,
  PictureBatch,
  ProjectDetail,
  RunStatus,
} from '#shared/contract/types';
import { presetRecipe } from '#shared/recipe/presets';
import type { Client, Connection, Offered } from '../transport/client';
import { Listeners } from '../transport/listeners';
import { studioKey, type Studio } from './studio.svelte';

/** Answers of the studio by method; what is missing rejects as a defect, so that a test notices calls it did not expect. */
export type Answers = { [M in Method]?: (params: CheckedParams<M>) => Result<M> | Promise<Result<M>> };

/** A client for component tests: parameters are checked as the studio does, answers come from a table, events are sent by hand. */
export class FakeClient implements Client {
  readonly host = 'web';
  readonly calls: { readonly method: Method; readonly params: unknown }[] = [];
  readonly answers: Answers;
  readonly #listeners = new Listeners();
  #watcher: ((connection: Connection) => void) | undefined;

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  async call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    this.calls.push({ method, params });
    // The table is indexed by the very method that it answers.
    const answer = this.answers[method] as ((params: unknown) => Result<M> | Promise<Result<M>>) | undefined;
    const checked = api[method].params.parse(params);
    return answer ? answer(checked) : fail('defect', { problem: `the fake client has no answer to ${method}` });
  }

  /** Parameters of all calls of a method, in order. */
  paramsOf<M extends Method>(method: M): readonly Params<M>[] {
    return this.calls.filter((call) => call.method === method).map(({ params }) => params as Params<M>);
  }

  readonly on: Client['on'] = (event, listener) => this.#listeners.on(event, listener);

  tell(message: EventMessage): void {
    this.#listeners.tell(message);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#watcher = listener;
    return () => (this.#watcher = undefined);
  }

  connection(connection: Connection): void {
    this.#watcher?.(connection);
  }

  async offerFiles(): Promise<Offered> {
    return { sourceId: '00000000-0000-4000-8000-000000000001' };
  }

  async save(): Promise<{ readonly saved: boolean }> {
    return { saved: true };
  }

  close(): void {}
}

/** Context of a component under test: `render(Room, { context: studioContext(studio) })`. */
export function studioContext(studio: Studio): Map<symbol, Studio> {
  return new Map([[studioKey, studio]]);
}

export const PROJECT_ID = '11111111-1111-4111-8111-111111111111';

/** Plain pictures, each of one grey that says which it is. */
export function testPictures(count: number, size = 8, channels: 1 | 3 = 3): PictureBatch {
  const bytes = size * size * channels;
  const pixels = new Uint8Array(count * bytes).map((_, index) => (Math.floor(index / bytes) * 16) % 256);
  return { count, width: size, height: size, channels, pixels };
}

export function testDataset(change: Partial<DatasetSummary> = {}): DatasetSummary {
  return {
    images: 328,
    size: 32,
    channels: 3,
    hash: 'a',
    importedAt: '2026-03-12T10:00:00Z',
    added: 328,
    duplicates: 0,
    skippedCount: 0,
    skipped: [],
    classes: [],
    mended: [],
    everyFrame: 0,
    fit: { crop: 'centre', background: '#ffffff' },
    report: { flags: {}, sides: [], aspects: [], channels: [] },
    ...change,
  };
}

/** The import that brought {@link testDataset}. */
export function testImport(change: Partial<ImportSummary> = {}): ImportSummary {
  return {
    import: 1,
    at: '2026-03-12T10:00:00Z',
    from: ['pots'],
    outcome: 'done',
    added: 328,
    duplicates: 0,
    skippedCount: 0,
    byCode: {},
    ...change,
  };
}

/** The curation of {@link testDataset} before anything was changed. */
export function testCuration(change: Partial<CurationSummary> = {}): CurationSummary {
  return {
    revision: 0,
    trained: 328,
    hash: 'a',
    excluded: 0,
    heldOut: 0,
    unweighted: 0,
    classes: [],
    split: { heldOut: 0, seed: 0 },
    sampling: { balanced: false, weights: {} },
    undo: undefined,
    redo: undefined,
    ...change,
  };
}

export function testRun(change: Partial<RunStatus> = {}): RunStatus {
  return {
    projectId: PROJECT_ID,
    runId: undefined,
    run: { state: 'none' },
    step: 0,
    goal: 5000,
    seed: 1,
    untuned: false,
    engine: undefined,
    report: undefined,
    secondsLeft: undefined,
    checkpointStep: undefined,
    trainedOn: undefined,
    continuable: false,
    classes: [],
    ...change,
  };
}

/** A project with 328 pictures of 32×32 and the recipe that fits them. */
export function testProject(change: Partial<ProjectDetail> = {}): ProjectDetail {
  return {
    summary: {
      id: PROJECT_ID,
      name: 'My ceramics',
      path: '/projects/my-ceramics',
      pictures: 328,
      step: 0,
      openedAt: '2026-03-12T10:00:00Z',
    },
    recipe: presetRecipe('dcgan-32', 3),
    dataset: testDataset(),
    curation: testCuration(),
    run: testRun(),
    readOnly: false,
    unfinished: undefined,
    ...change,
  };
}

import { GanvasError, isCancelled, toErrorData } from '#shared/contract/errors';
import type { EngineInfo } from '#shared/contract/types';
import type { AdaptiveState } from '#shared/recipe/adaptive';
import type {
  Engine,
  FormMemory,
  GeneratorWeights,
  StepInputs,
  StepResult,
  TrainingState,
  TrainSession,
} from '../engine/engine';
import type { RunOrder, TrainerEvent } from './protocol';
import { RunControl } from './runControl';

/** Where a run stands or stood: a state, and what led to it. */
export interface RunPoint {
  readonly state: TrainingState;
  /** Real pictures seen, and seconds trained, up to that state. */
  readonly images: number;
  readonly seconds: number;
  /** How augmentation stands that adapts itself; undefined where it never did. */
  readonly adaptive: AdaptiveState | undefined;
}

interface Ports {
  readonly engine: Engine;
  /** The engine whose CPU takes over when a provider keeps failing. */
  readonly standby: Engine;
  readonly forms?: FormMemory;
  readonly tell: (event: TrainerEvent) => void;
  /** A stop is heard while a session is prepared, which may take long: the machine's fastest forms are looked for. */
  readonly control: RunControl;
}

type Order = Pick<RunOrder, 'recipe' | 'batchSize' | 'engine' | 'provider' | 'engineNamed' | 'threads' | 'cpuProblem'>;

/**
 * A training session that outlives its provider. It keeps a copy of the state on the host, the last that was read; when the provider fails, a new
 * session goes on from there: on the same provider once, then on the CPU. Whoever opened it closes it.
 */
export class LastingSession {
  readonly #order: Order;
  readonly #ports: Ports;
  #session: TrainSession;
  #kept: RunPoint;
  /** Whether the CPU has taken over: nothing takes over from that. */
  #fellBack: boolean;
  /** Step from which the provider was last tried anew: when it has not come further by its next failure, it is given up. */
  #retriedFrom: number | undefined;

  private constructor(order: Order, ports: Ports, session: TrainSession, kept: RunPoint, fellBack: boolean) {
    this.#order = order;
    this.#ports = ports;
    this.#session = session;
    this.#kept = kept;
    this.#fellBack = fellBack;
  }

  /** Opens a session on the order's provider, or on the CPU when that cannot even begin. `job.cancelled` where it was stopped before it had one. */
  static async open(order: Order, start: RunPoint, ports: Ports): Promise<LastingSession> {
    let fellBack = false;
    const session = await load(order, ports, start).catch((error: unknown) => {
      if (!mayFallBack(error, order)) throw error;
      fellBack = true;
      warn(ports, error, order, { step: start.state.step, repeated: 0 }, 'cpu');
      return load({ ...order, provider: 'cpu' }, standby(ports), start);
    });
    return new LastingSession(order, ports, session, start, fellBack);
  }

  get info(): EngineInfo {
    return this.#session.info;
  }

  step(inputs: StepInputs): Promise<StepResult> {
    return this.#session.step(inputs);
  }

  readGenerator(): Promise<GeneratorWeights> {
    return this.#session.readGenerator();
  }

  /** A copy of the state, as {@link TrainSession.readState}; also kept here, with where the run stands. */
  async readState(progress: Omit<RunPoint, 'state'>): Promise<TrainingState> {
    const state = await this.#session.readState();
    // The last resort's session never needs it.
    if (!this.#fellBack && hasStandby(this.#order)) this.#kept = { state, ...progress };
    return state;
  }

  /**
   * After a failure: a new session, from the state that the old one can still give or else from the copy. Tells what happened, and resolves to where the run
   * goes on. Rejects with the failure itself when it is none of the provider's, or nothing can take over.
   */
  async recover(error: unknown, { step, ...now }: { step: number } & Omit<RunPoint, 'state'>): Promise<RunPoint> {
    if (this.#fellBack || !mayFallBack(error, this.#order)) throw error;
    const point = await this.#session.readState().then(
      (state) => ({ state, ...now }),
      () => this.#kept,
    );
    await this.close();
    const from = { step: point.state.step, repeated: step - point.state.step };
    if (!(await this.#retry(error, point, from))) {
      this.#fellBack = true;
      warn(this.#ports, error, this.#order, from, 'cpu');
      this.#session = await reload({ ...this.#order, provider: 'cpu' }, standby(this.#ports), point);
    }
    this.#kept = point;
    return point;
  }

  /** Closes the session; one whose device is gone may not even do that. */
  async close(): Promise<void> {
    await this.#session.close().catch(() => undefined);
  }

  async #retry(error: unknown, point: RunPoint, from: From): Promise<boolean> {
    if (this.#retriedFrom === point.state.step) return false;
    this.#retriedFrom = point.state.step;
    try {
      this.#session = await reload(this.#order, this.#ports, point);
    } catch {
      return false;
    }
    warn(this.#ports, error, this.#order, from, 'same');
    return true;
  }
}

interface From {
  readonly step: number;
  readonly repeated: number;
}

/** Whether an error is that of a provider from which the CPU may take over. */
const mayFallBack = (error: unknown, order: Order): boolean =>
  error instanceof GanvasError && error.code === 'engine.unavailable' && hasStandby(order) && !order.cpuProblem;

/** The compiled engine on the CPU is the last resort. An eager engine that was chosen by name has none: what it lacks is said, not covered up. */
const hasStandby = ({ engine, provider, engineNamed }: Order): boolean =>
  engine === 'compiled' ? provider !== 'cpu' : !engineNamed;

const load = (order: Order, { engine, forms, tell, control }: Ports, { state }: RunPoint): Promise<TrainSession> =>
  engine.trainSession(
    order.recipe,
    order.batchSize,
    state,
    { provider: order.provider, threads: order.threads, ...(forms && { forms }) },
    async (phase, fraction) => {
      await control.heed();
      tell({ kind: 'preparing', phase, fraction });
    },
  );

/** Amid a run, whose state must not be lost by a stop: then nothing more is tried out, for the session is opened only to be saved. */
const reload = (order: Order, ports: Ports, point: RunPoint): Promise<TrainSession> =>
  load(order, ports, point).catch((error: unknown) => {
    if (!isCancelled(error)) throw error;
    const { engine, standby, tell } = ports;
    return load(order, { engine, standby, tell, control: new RunControl() }, point);
  });

const standby = (ports: Ports): Ports => ({ ...ports, engine: ports.standby });

/** Says what failed, and on what training goes on. */
function warn({ tell }: Ports, cause: unknown, { engine, provider }: Order, from: From, next: 'same' | 'cpu'): void {
  const { facts, message } = toErrorData(cause);
  const code = next === 'same' ? 'training.provider-restarted' : 'training.fell-back';
  tell({
    kind: 'warning',
    error: toErrorData(
      new GanvasError(code, {
        provider: engine === 'eager' ? `eager on ${provider}` : provider,
        problem: facts['problem'] ?? message,
        ...from,
      }),
    ),
  });
}

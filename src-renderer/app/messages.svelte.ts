import { toErrorData, type ErrorData } from '#shared/contract/errors';

export interface Message {
  readonly id: number;
  readonly tone: 'done' | 'note' | 'error';
  readonly text: string;
  /** What to do about an error. */
  readonly hint?: string | undefined;
  readonly error?: ErrorData | undefined;
  /** The change that it tells of. */
  readonly change?: Undoable | undefined;
}

export interface Undoable {
  readonly label: string;
  readonly undo: () => void | Promise<void>;
  /** Does it again after it was undone, where that is possible. */
  readonly redo: (() => void | Promise<void>) | undefined;
}

/** What the project itself can take back and do again, of the time before the page was loaded. */
export interface EarlierChanges {
  readonly undo: Undoable | undefined;
  readonly redo: Undoable | undefined;
}

const UNDO_DEPTH = 200;

/** The status line: what just happened, and the undo stack behind it. */
export class Messages {
  latest = $state.raw<Message>();
  #stack = $state.raw<readonly Undoable[]>([]);
  /** What was undone since the last thing that was done, the latest last. */
  #undone = $state.raw<readonly Undoable[]>([]);
  readonly #earlier: () => EarlierChanges | undefined;
  readonly #nextUndo = $derived.by(() => this.#stack.at(-1) ?? this.#earlier()?.undo);
  /** Earlier changes come after those of this page, of which some may have been done since. */
  readonly #nextRedo = $derived.by(
    () => this.#undone.at(-1) ?? (this.#stack.length === 0 ? this.#earlier()?.redo : undefined),
  );
  /** What Undo would take back, for its button. */
  readonly undoable = $derived(this.#nextUndo?.label);
  readonly redoable = $derived(this.#nextRedo?.label);
  /** Whether the message that is shown tells of the very change that Undo would take back. */
  readonly undoesLatest = $derived(this.latest?.change !== undefined && this.latest.change === this.#nextUndo);
  #nextId = 1;
  /** Ends with the step that was asked for last; never fails. */
  #last: Promise<unknown> = Promise.resolve();
  /** How many projects were left. */
  #projects = 0;

  /** `earlier`: asked where this page has nothing to undo or to do again. */
  constructor(earlier: () => EarlierChanges | undefined = () => undefined) {
    this.#earlier = earlier;
  }

  /** Something happened that needs no undo. */
  note(text: string): void {
    this.#show({ tone: 'note', text });
  }

  /** The user did something; `undo` takes it back, and `redo` does it again. */
  did(text: string, undo: () => void | Promise<void>, redo?: () => void | Promise<void>): void {
    const change = { label: text, undo, redo };
    this.#stack = [...this.#stack, change].slice(-UNDO_DEPTH);
    this.#undone = [];
    this.#show({ tone: 'done', text, change });
  }

  /** Something failed; whatever was thrown is put in words. A cancelled job is only noted. */
  failed(thrown: unknown): void {
    const error = toErrorData(thrown);
    if (error.code === 'job.cancelled') return this.note(error.message);
    this.#show({ tone: 'error', text: error.message, hint: error.hint, error });
  }

  /** An error that is shown is no longer so: it was dismissed where it happened, or is tried again. */
  settle(): void {
    if (this.latest?.tone === 'error') this.latest = undefined;
  }

  /** Takes back what was done last. Pressed again and again, each press waits for the one before it. */
  undo(): Promise<void> {
    return this.#inTurnHere(() => this.#undo());
  }

  /** Does again what was undone last; waits as `undo` does, so that neither is lost to the other. */
  redo(): Promise<void> {
    return this.#inTurnHere(() => this.#redo());
  }

  /**
   * Carries out a step once those before it have ended. What takes time and can be undone is done in turn, so that an Undo pressed at once waits until there
   * is something to undo.
   */
  inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#last.then(step);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** In turn, and only if no other project was opened meanwhile: its changes are not what was to be undone. */
  #inTurnHere(step: () => Promise<void>): Promise<void> {
    const projects = this.#projects;
    return this.inTurn(async () => (projects === this.#projects ? step() : undefined));
  }

  async #undo(): Promise<void> {
    const last = this.#nextUndo;
    if (!last) return this.note('Nothing to undo');
    const [undone, projects] = [this.#undone, this.#projects];
    try {
      await last.undo();
      if (projects !== this.#projects) return;
      // Only now: what could not be taken back can be tried again.
      this.#stack = this.#stack.filter((entry) => entry !== last);
      // What was done meanwhile leaves nothing to do again; nor can all be done again.
      if (this.#undone === undone) this.#undone = last.redo ? [...undone, last] : [];
      this.note(`Undone: ${last.label}`);
    } catch (thrown) {
      this.failed(thrown);
    }
  }

  async #redo(): Promise<void> {
    const last = this.#nextRedo;
    if (!last?.redo) return this.note('Nothing to do again');
    const [before, projects] = [this.#stack.at(-1), this.#projects];
    try {
      await last.redo();
      if (projects !== this.#projects) return;
      // Under what was done meanwhile.
      this.#stack = this.#stack.toSpliced(before ? this.#stack.indexOf(before) + 1 : 0, 0, last);
      this.#undone = this.#undone.filter((entry) => entry !== last);
      this.#show({ tone: 'note', text: `Done again: ${last.label}`, change: last });
    } catch (thrown) {
      this.failed(thrown);
    }
  }

  /** Forgets the undo stack, when another project opens. */
  clear(): void {
    this.#stack = [];
    this.#undone = [];
    this.latest = undefined;
    this.#projects += 1;
    // The steps of the project that was left end by themselves; none of this one waits for them.
    this.#last = Promise.resolve();
  }

  #show(message: Omit<Message, 'id'>): void {
    this.latest = { id: this.#nextId++, ...message };
  }
}

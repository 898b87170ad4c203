import { encode } from '@msgpack/msgpack';
import type { EventMessage } from '#shared/contract/events';
import type { AnswerFrame, ServerFrame } from '#shared/contract/frames';
import { limits } from '#shared/contract/limits';

/** A socket as the outbox sees it. */
export interface Pipe {
  /** Bytes taken by `send` and not yet by the network. */
  readonly bufferedAmount: number;
  /** `sent` is called when the network has taken the bytes, or never will. */
  send(bytes: Uint8Array, sent: () => void): void;
}

/**
 * What goes to one page. Answers are always sent. Events wait while the page is slow, the newest of each kind
 * alone, so that a page that stopped reading costs bounded memory and sees the present when it reads again.
 */
export class Outbox {
  readonly #pipe: Pipe;
  readonly #waiting = new Map<string, EventMessage>();

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  /** True while answers pile up: the page's calls are better left unread. */
  get full(): boolean {
    return this.#pipe.bufferedAmount >= limits.socketBacklogBytes;
  }

  answer(frame: AnswerFrame, sent: () => void): void {
    this.#pipe.send(encodeFrame(frame), sent);
  }

  event(message: EventMessage): void {
    const subject = subjectOf(message);
    this.#waiting.delete(subject);
    this.#waiting.set(subject, message);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > limits.eventsWaiting && oldest !== undefined) this.#waiting.delete(oldest);
    this.#flush();
  }

  readonly #flush = (): void => {
    for (const [subject, message] of this.#waiting) {
      if (this.full) return;
      this.#waiting.delete(subject);
      this.#pipe.send(encodeFrame(message), this.#flush);
    }
  };
}

/** Events of one subject replace one another. */
function subjectOf(message: EventMessage): string {
  switch (message.event) {
    case 'training.status':
    case 'training.report':
    case 'training.samples':
    case 'curation.changed':
      return `${message.event} ${message.data.projectId}`;
    case 'project.changed':
      return `${message.event} ${message.data.project.summary.id}`;
    case 'job.progress':
    case 'import.report':
      return `${message.event} ${message.data.jobId}`;
  }
}

// An undefined key is left out; MessagePack has no undefined and would make it null.
const encodeFrame = (frame: ServerFrame): Uint8Array => encode(frame, { ignoreUndefined: true });

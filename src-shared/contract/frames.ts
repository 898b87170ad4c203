import type { EventMessage } from './events';
import type { Outcome } from './outcome';

/**
 * What the page and the web host say over the WebSocket `/socket`: MessagePack, one value a binary frame, keys that
 * are undefined left out. A client's frame has at most `limits.callBytes`.
 */
export interface CallFrame {
  /** Chosen by the client; the answer carries it. */
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

export type AnswerFrame = { readonly id: number } & Outcome;
export type ServerFrame = AnswerFrame | EventMessage;

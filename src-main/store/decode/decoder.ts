import type { RunningWorker, StartWorker } from '../../isolation/worker';
import type { DecodeReply, DecodeRequest } from './protocol';

/** A running `decode.js`. It replies `ready` first, then `working` and one answer to each request; it takes a request's bytes over: their buffer may be transferred. */
export type Decoder = RunningWorker<DecodeRequest>;

/** A way to run `decode.js` apart from the program. */
export interface DecoderKind {
  /** Requests that one decoder is given at once; it works on the first of them. */
  readonly depth: number;
  readonly start: StartWorker<DecodeRequest, DecodeReply>;
}

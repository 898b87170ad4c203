import type { DecodeReply, DecodeRequest } from './protocol';

/** What a decoder tells: `ready` first, then `working` and one answer to each request, in their order; and how it ended, unless it was ended. */
export interface DecoderEvents {
  reply(reply: DecodeReply): void;
  ended(problem: string): void;
}

/** A running `decode.js`. */
export interface Decoder {
  /** Takes the request's bytes over: their buffer may be transferred. */
  ask(request: DecodeRequest): void;
  /** Ends it at once; nothing is heard of it afterwards. */
  end(): void;
}

/** A way to run `decode.js` apart from the program. */
export interface DecoderKind {
  /** Requests that one decoder is given at once; it works on the first of them. */
  readonly depth: number;
  start(file: URL, events: DecoderEvents): Decoder;
}

import { availableParallelism } from 'node:os';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { DecoderKind } from './decoder';
import type { PictureWorkers, Refusal } from './picture';
import type { DecodeReply, DecodeRequest } from './protocol';
import { CLOSED, Seat, type Ending } from './seat';

export interface PoolOptions {
  /** The built decoder. */
  readonly file: URL;
  readonly kind: DecoderKind;
  readonly decoders?: number;
  readonly timeoutMs?: number;
}

/** Opens decoders, started as they are needed. One that overruns its time or dies is replaced; its picture is refused. */
export function openPool({
  file,
  kind,
  decoders = Math.min(4, availableParallelism()),
  timeoutMs = limits.decodeTimeoutMs,
}: PoolOptions): PictureWorkers {
  const seats = Array.from({ length: decoders }, () => new Seat(file, kind, timeoutMs));
  const waiting: (() => void)[] = [];
  let closed = false;

  async function answer(request: DecodeRequest): Promise<Exclude<Ending, { kind: 'no-decoder' }>> {
    let seat = leastBusy(seats);
    while (!closed && seat.load >= kind.depth) {
      await new Promise<void>((answered) => waiting.push(answered));
      seat = leastBusy(seats);
    }
    const ending = closed ? CLOSED : await seat.ask(request);
    waiting.shift()?.();
    if (ending.kind !== 'no-decoder') return ending;
    return fail('defect', { problem: `the picture decoder did not start: ${ending.problem}` });
  }

  /** What was asked, or why its decoder gave none. */
  async function askOrRefuse(request: DecodeRequest): Promise<DecodeReply | Refusal> {
    const ending = await answer(request);
    if (ending.kind === 'timeout') {
      return { code: 'timeout', detail: `not read and decoded within ${timeoutMs} ms` };
    }
    if (ending.kind === 'crash') return { code: 'corrupt', detail: `the decoder crashed: ${ending.problem}` };
    return ending.reply;
  }

  return {
    // One more than there are decoders' places, so that none waits for the next request.
    parallel: decoders * kind.depth + 1,
    async digest(file) {
      const reply = await askOrRefuse({ kind: 'digest', file });
      if ('code' in reply) return { ok: false, ...reply };
      return reply.kind === 'digest' ? reply.digest : failReply(reply);
    },
    async decodeFile(file, options) {
      const reply = await askOrRefuse({ kind: 'decodeFile', file, options });
      if ('code' in reply) return { ok: false, ...reply };
      return reply.kind === 'decodedFile' ? reply.file : failReply(reply);
    },
    async decode(bytes, options) {
      const reply = await askOrRefuse({ kind: 'decode', bytes, options });
      if ('code' in reply) return { ok: false, ...reply };
      return reply.kind === 'decoded' ? reply.outcome : failReply(reply);
    },
    async encodeWebp(picture) {
      const ending = await answer({ kind: 'encodeWebp', picture });
      if (ending.kind !== 'reply') return fail('defect', { problem: `the WebP encoder ended by ${ending.kind}` });
      return ending.reply.kind === 'encoded' ? ending.reply.bytes : failReply(ending.reply);
    },
    close() {
      closed = true;
      for (const seat of seats) seat.close();
      return Promise.resolve();
    },
  };
}

function leastBusy(seats: readonly Seat[]): Seat {
  return seats.reduce((least, seat) => (seat.load < least.load ? seat : least));
}

function failReply(reply: DecodeReply): never {
  return fail('defect', { problem: reply.kind === 'failed' ? reply.problem : `unexpected ${reply.kind}` });
}

import { nodeProcesses } from '../../isolation/processes';
import type { DecoderKind } from './decoder';

/** Decoders in processes of their own: two decode faster than two threads of one process, which wait for each other whenever one asks the system for memory. */
export const processDecoders: DecoderKind = {
  // The next ones lie there while the answer to the one before is on its way: with one more alone a decoder waits for them a twentieth of its time.
  depth: 3,
  // A small heap, and the hand on it that worker.ts takes.
  start: nodeProcesses(['--max-semi-space-size=1', '--expose-gc']),
};

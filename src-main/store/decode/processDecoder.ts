import { nodeProcesses } from '../../isolation/processes';
import type { DecoderKind } from './decoder';

/** Decoders in processes of their own: two decode faster than two threads of one process, which wait for each other whenever one asks the system for memory. */
export const processDecoders: DecoderKind = {
  // The next picture lies there while the answer to the one before it is on its way.
  depth: 2,
  // A small heap, and the hand on it that worker.ts takes.
  start: nodeProcesses(['--max-semi-space-size=1', '--expose-gc']),
};

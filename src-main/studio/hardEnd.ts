/** Enough for the last words to be said, and for locks to be given back. */
const LAST_WORDS_MS = 1000;

/**
 * Ends the process soon, by the system's hand: a thread that hangs in native code can be neither ended nor left behind, Node would wait for it for ever. All that is
 * to be kept is on disk by then.
 */
export function endTheHardWay(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WORDS_MS);
}

/** Prints what a user never sees, the stack of an unexpected error, for whoever runs with GANVAS_DEBUG=1. */
export function showWhenDebugging(error: unknown): void {
  if (process.env.GANVAS_DEBUG !== '1') return;
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
}

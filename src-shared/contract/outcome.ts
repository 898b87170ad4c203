import type { ErrorData } from './errors';

/** How a call ended, as it crosses a process boundary: an error's code and facts would be lost on a thrown Error there. */
export type Outcome<T = unknown> =
  { readonly ok: true; readonly result: T } | { readonly ok: false; readonly error: ErrorData };

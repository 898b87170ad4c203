import { api, isMethod, type CheckedParams, type Method, type Result } from '#shared/contract/api';
import { fail, GanvasError } from '#shared/contract/errors';
import { showWhenDebugging } from './debug';

/** What answers a row of the contract. Its parameters are validated; it throws GanvasErrors. */
type Handler<M extends Method> = (params: CheckedParams<M>) => Promise<Result<M>> | Result<M>;

/** One handler for each row of the contract. */
export type Handlers = { readonly [M in Method]: Handler<M> };

/** The handlers of one area, `training` for `training.*`: all of them, and no others. */
export type AreaHandlers<Area extends string> = {
  readonly [M in Extract<Method, `${Area}.${string}`>]: Handler<M>;
};

/** Who asks: a page, or code of this machine that its user handed a path to. */
export type Caller = 'client' | 'host';

/** Validates a call by its row of the contract and runs it. Whatever goes wrong is thrown as a GanvasError. */
export async function runCall<M extends Method>(
  handlers: Handlers,
  method: M,
  params: unknown,
  from: Caller,
): Promise<Result<M>> {
  if (!isMethod(method)) fail('call.unknown', { method: printable(method) });
  const row = api[method];
  if (row.from === 'host' && from !== 'host') fail('call.not-allowed', { method });
  try {
    const parsed = row.params.safeParse(params);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const place = issue?.path.map((key) => `${printable(key)}: `).join('') ?? '';
      return fail('call.invalid', { method, problem: place + printable(issue?.message ?? 'not readable') });
    }
    // The schema of this very row made the parameters, which the type system cannot follow through the lookup.
    const handler = handlers[method] as Handler<M>;
    return await handler(parsed.data as CheckedParams<M>);
  } catch (error) {
    throw asGanvasError(error);
  }
}

/** A thrown value as a GanvasError: what is not one already is a defect. GANVAS_DEBUG=1 prints its stack. */
export function asGanvasError(error: unknown): GanvasError {
  if (error instanceof GanvasError) return error;
  showWhenDebugging(error);
  return new GanvasError('defect', { problem: error instanceof Error ? error.message : String(error) });
}

/** A value from outside as a short text for a message, whatever it is. */
function printable(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value;
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

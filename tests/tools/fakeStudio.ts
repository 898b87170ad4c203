import type { Method, Result } from '#shared/contract/api';
import { fail, GanvasError } from '#shared/contract/errors';
import type { EventMessage } from '#shared/contract/events';
import type { Studio } from '../../src-main/studio/studio';

export interface FakeCall {
  readonly method: string;
  readonly params: unknown;
  readonly from: 'client' | 'host';
}

export interface FakeStudio extends Studio {
  /** Every call that reached it, in order. */
  readonly calls: readonly FakeCall[];
  readonly closed: number;
  emit(message: EventMessage): void;
}

type Replies = { readonly [M in Method]?: (params: never, from: FakeCall['from']) => unknown };

/** A test double of the studio for tests of the hosts: it records calls, answers by a table, and has no engine. */
export function fakeStudio(replies: Replies = {}): FakeStudio {
  const calls: FakeCall[] = [];
  const listeners = new Set<(message: EventMessage) => void>();
  let closed = 0;
  return {
    calls,
    get closed() {
      return closed;
    },
    async call<M extends Method>(method: M, params: unknown, from: FakeCall['from']): Promise<Result<M>> {
      calls.push({ method, params, from });
      const reply = replies[method] ?? fail('call.unknown', { method });
      try {
        return (await reply(params as never, from)) as Result<M>;
      } catch (error) {
        // As the studio: whatever goes wrong comes out as a GanvasError.
        throw error instanceof GanvasError ? error : new GanvasError('defect', { problem: String(error) });
      }
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (message) => listeners.forEach((listener) => listener(message)),
    async close() {
      closed++;
    },
  };
}

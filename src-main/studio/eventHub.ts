import type { EventMessage, EventName, Events } from '#shared/contract/events';
import { showWhenDebugging } from './debug';

/** Hands every event to every listener. One listener that throws does not keep it from the others. */
export class EventHub {
  readonly #listeners = new Set<(message: EventMessage) => void>();

  listen(listener: (message: EventMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit<Name extends EventName>(event: Name, data: Events[Name]): void {
    // A union of pairs cannot be built from a type parameter; the signature ties name and data together.
    const message = { event, data } as unknown as EventMessage;
    for (const listener of this.#listeners) {
      try {
        listener(message);
      } catch (error) {
        showWhenDebugging(error);
      }
    }
  }
}

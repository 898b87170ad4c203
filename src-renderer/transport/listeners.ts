import type { EventMessage, EventName, Events } from '#shared/contract/events';

/** Who listens to which of the studio's events. */
export class Listeners {
  readonly #byEvent = new Map<EventName, Set<(data: never) => void>>();

  on<E extends EventName>(event: E, listener: (data: Events[E]) => void): () => void {
    const set = this.#byEvent.get(event) ?? new Set();
    this.#byEvent.set(event, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  tell({ event, data }: EventMessage): void {
    // A copy, because a listener may end its own listening.
    for (const listener of [...(this.#byEvent.get(event) ?? [])])
      (listener as (data: EventMessage['data']) => void)(data);
  }
}

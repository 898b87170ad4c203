import type { Component } from 'svelte';
import type { Icon } from '../ui/icon';

export type RoomId = 'data' | 'model' | 'train' | 'explore' | 'export';

/** A room of the studio, declared by `features/<id>/room.ts`, which exports it as `room`. */
export interface Room {
  readonly id: RoomId;
  readonly title: string;
  readonly icon: Icon;
  /** Place in the rail and number of its key. */
  readonly order: number;
  readonly component: Component;
}

// Adding a room is adding its folder.
const modules = import.meta.glob<{ readonly room: Room }>('../features/*/room.ts', { eager: true });

/** Every room, in the rail's order. */
export const rooms: readonly Room[] = Object.values(modules)
  .map(({ room }) => room)
  .toSorted((a, b) => a.order - b.order);

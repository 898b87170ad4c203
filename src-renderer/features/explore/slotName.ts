import type { ExploreMode } from './exploreSession.svelte';

const slots: Readonly<Record<ExploreMode, readonly string[]>> = {
  seed: ['the seed'],
  map: ['the place'],
  between: ['the start', 'the end'],
  corners: ['the top left corner', 'the top right corner', 'the bottom left corner', 'the bottom right corner'],
};

/** What a slot of a mode is, inside a sentence. */
export function slotName(mode: ExploreMode, slot: number): string {
  return slots[mode][slot] ?? '';
}

/** The same as a heading. */
export function slotTitle(mode: ExploreMode, slot: number): string {
  const name = slotName(mode, slot)
    .replace(/^the /, '')
    .replace(/ corner$/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

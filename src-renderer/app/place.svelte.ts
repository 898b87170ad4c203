import { z } from 'zod';
import type { Studio } from './studio.svelte';

const STORAGE_KEY = 'ganvas.place';
const Place = z.object({ projectId: z.uuid(), room: z.enum(['data', 'model', 'train', 'explore', 'export']) });

/** Goes back to where the user was before this page was loaded anew, then keeps note of where they are. Lasts as long as the page. */
export async function keepPlace(studio: Studio, storage: Storage): Promise<void> {
  const place = readPlace(storage);
  if (place) {
    await studio.open(place.projectId);
    if (studio.project) studio.room = place.room;
  }
  $effect.root(() => {
    $effect(() => {
      const projectId = studio.project?.summary.id;
      if (projectId === undefined) storage.removeItem(STORAGE_KEY);
      else storage.setItem(STORAGE_KEY, JSON.stringify({ projectId, room: studio.room }));
    });
  });
}

function readPlace(storage: Storage): z.output<typeof Place> | undefined {
  try {
    return Place.parse(JSON.parse(storage.getItem(STORAGE_KEY) ?? ''));
  } catch {
    // Nothing stored, or not by this version: the first screen is the right place.
    return undefined;
  }
}

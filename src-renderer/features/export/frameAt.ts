/** Frame that plays at a moment. `frames` cover the way there, which takes `seconds`; a loop walks back, else it starts over. */
export function frameAt(
  moment: number,
  { frames, seconds, loop }: { readonly frames: number; readonly seconds: number; readonly loop: boolean },
): number {
  const last = frames - 1;
  if (last < 1 || seconds <= 0) return 0;
  const place = (moment / seconds) * last;
  if (!loop) return Math.floor(place) % frames;
  const along = Math.floor(place) % (2 * last);
  return along <= last ? along : 2 * last - along;
}

/** The place an arrow, Home or End key leads to in a grid of `count` things; undefined for other keys. */
export function gridKey(key: string, at: number, columns: number, count: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: 0,
    End: count - 1,
  };
  const next = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (next === undefined) return undefined;
  return next >= 0 && next < count ? next : at;
}

/** Pictures of a sample sheet, at most. */
const SHEET = 64;

/** What a sheet of a run's fixed latents shows: class after class, each with the same latents, so that classes can be compared. */
export interface SheetPlan {
  /** Latents, each drawn once for each of the classes that are shown. */
  readonly latents: number;
  /** Numbers of the classes that are shown, in their order; empty for networks that do not look at classes. */
  readonly classes: readonly number[];
}

/** The plan for so many classes (0: none). Of more than fit, some are shown, spread over all. */
export function sheetPlan(classes: number): SheetPlan {
  if (classes === 0) return { latents: SHEET, classes: [] };
  const shown = Math.min(classes, SHEET);
  return {
    latents: Math.floor(SHEET / shown),
    classes: Array.from({ length: shown }, (_, place) => Math.floor((place * classes) / shown)),
  };
}

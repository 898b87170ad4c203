import type { PictureBatch } from '#shared/contract/types';

/** A wall whose rows show classes: so many pictures of each, at a scale. */
export interface ClassWallPlan {
  readonly perClass: number;
  readonly columns: number;
  /** Device pixels a picture pixel. */
  readonly scale: number;
}

interface Room {
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

/**
 * How to show every class on a wall so that they cover most of it: a class in one or more whole rows, or several classes side by side. `latents` are the
 * pictures that there are of each. Lengths are device pixels. Undefined where not all classes fit.
 */
export function planClassWall(
  { classes, latents, side }: { readonly classes: number; readonly latents: number; readonly side: number },
  { width, height, gap }: Room,
): ClassWallPlan | undefined {
  const covered = ({ perClass, scale }: ClassWallPlan) => perClass * scale ** 2;
  let best: ClassWallPlan | undefined;
  for (let scale = 1; side * scale <= Math.min(width, height); scale++) {
    const across = Math.floor((width + gap) / (side * scale + gap));
    const down = Math.floor((height + gap) / (side * scale + gap));
    for (const plan of [...sideBySide(classes, latents, across, down), ...inRows(classes, latents, across, down)]) {
      const candidate = { ...plan, scale };
      if (!best || covered(candidate) > covered(best)) best = candidate;
    }
  }
  return best;
}

type Layout = Omit<ClassWallPlan, 'scale'>;

/** One or more whole classes in each row. */
function sideBySide(classes: number, latents: number, across: number, down: number): Layout[] {
  const layouts: Layout[] = [];
  for (let inRow = 1; inRow <= Math.min(classes, across); inRow++) {
    if (Math.ceil(classes / inRow) > down) continue;
    const perClass = Math.min(latents, Math.floor(across / inRow));
    layouts.push({ perClass, columns: perClass * inRow });
  }
  return layouts;
}

/** Two or more whole rows for each class. */
function inRows(classes: number, latents: number, across: number, down: number): Layout[] {
  const layouts: Layout[] = [];
  for (let rows = 2; rows * classes <= down; rows++) {
    const columns = Math.min(across, Math.floor(latents / rows));
    if (columns > 0) layouts.push({ perClass: columns * rows, columns });
  }
  return layouts;
}

/** The first `perClass` pictures of each class of a sheet that has `latents` of each, class after class. */
export function firstOfClasses(batch: PictureBatch, latents: number, perClass: number): PictureBatch {
  const bytes = batch.width * batch.height * batch.channels;
  const classes = Math.floor(batch.count / latents);
  const pixels = new Uint8Array(classes * perClass * bytes);
  for (let place = 0; place < classes; place++) {
    const start = place * latents * bytes;
    pixels.set(batch.pixels.subarray(start, start + perClass * bytes), place * perClass * bytes);
  }
  return { ...batch, count: classes * perClass, pixels };
}

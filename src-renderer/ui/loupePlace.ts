/** A rectangle of the page, CSS pixels. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** From the pointer to the loupe, so that it does not hide what is pointed at. */
const OFFSET = 20;

/** Where a loupe of that size lies beside the pointer, within bounds: on the right, else on the left, else where most of it can be seen. */
export function loupePlace(
  pointer: { readonly x: number; readonly y: number },
  size: { readonly width: number; readonly height: number },
  bounds: Bounds,
): { readonly left: number; readonly top: number } {
  const [right, left] = [pointer.x + OFFSET, pointer.x - OFFSET - size.width];
  const fitsRight = right + size.width <= bounds.right;
  const wanted = fitsRight || left < bounds.left ? right : left;
  const within = (at: number, from: number, to: number) => Math.max(from, Math.min(at, to));
  return {
    left: within(wanted, bounds.left, bounds.right - size.width),
    top: within(pointer.y - size.height / 2, bounds.top, bounds.bottom - size.height),
  };
}

import type { PictureBatch } from '#shared/contract/types';
import { pictureToRgba } from '../../ui/pictures';

/** Draws a batch as the grid that the file will be, a pixel a pixel; empty places of the last row are black, as in the file. */
export function drawGrid(canvas: HTMLCanvasElement, batch: PictureBatch, columns: number): void {
  const { count, width, height } = batch;
  canvas.width = columns * width;
  canvas.height = Math.ceil(count / columns) * height;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let index = 0; index < count; index++) {
    const data = new ImageData(pictureToRgba(batch, index), width, height);
    context.putImageData(data, (index % columns) * width, Math.floor(index / columns) * height);
  }
}

/** CSS pixels a picture pixel at which a preview fits its place: a whole number of device pixels where it can be enlarged, else reduced as a whole. */
export function previewScale(
  picture: { readonly width: number; readonly height: number },
  place: { readonly width: number; readonly height: number },
  density: number,
): number {
  const fit = Math.min(place.width / picture.width, place.height / picture.height);
  const device = fit * density;
  return device >= 1 ? Math.floor(device) / density : Math.max(fit, 0);
}

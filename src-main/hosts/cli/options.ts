import { InvalidArgumentError, Option } from 'commander';
import { Fit } from '#shared/dataset/fit';
import type { LatentAnchor } from '#shared/math/latent';

/** A whole number from `min` to `max`, for commander. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(
      max === Number.MAX_SAFE_INTEGER
        ? `It must be a whole number from ${min} on.`
        : `It must be a whole number from ${min} to ${max}.`,
    );
  };
}

/** A number above 0, for commander. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** A colour, for commander. */
export function colour(text: string): string {
  const { success, data } = Fit.shape.background.safeParse(text.toLowerCase());
  if (success) return data;
  throw new InvalidArgumentError('It must be a colour such as #808080.');
}

/** Where it is computed. */
export const providerOption = (): Option =>
  new Option('--provider <name>', 'what computes')
    .choices(['auto', 'cpu', 'webgpu', 'dml', 'coreml', 'cuda'])
    .default('auto');

/** How it is computed. */
export const engineOption = (): Option =>
  new Option('--engine <name>', 'how it computes').choices(['auto', 'compiled', 'eager']).default('auto');

/** Which of a generator's weights pictures are drawn with. */
export const weightsOption = (): Option =>
  new Option('--weights <name>', 'of the generator: its moving average, where the run keeps one, or its newest')
    .choices(['average', 'newest'])
    .default('average');

const PICTURE = 'picture:';

/** A seed, or one of the project's pictures (`picture:3`), for commander. */
export function anchor(text: string): LatentAnchor {
  if (text.startsWith(PICTURE)) return { picture: integer(0)(text.slice(PICTURE.length)) };
  return integer(0)(text);
}

/** The same in words. */
export const anchorInWords = (given: LatentAnchor): string =>
  typeof given === 'number' ? `seed ${given}` : `picture ${given.picture}`;

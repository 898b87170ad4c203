import { fail } from '#shared/contract/errors';

/** The number of a class that was given by its name or its number; `latent.class-unknown` names what there is. */
export function classNumber(asked: string, classes: readonly string[]): number {
  const named = classes.indexOf(asked);
  const number = named >= 0 || !/^\d{1,4}$/.test(asked) ? named : Number(asked);
  if (number >= 0 && number < classes.length) return number;
  return fail('latent.class-unknown', {
    class: asked,
    classes: classes.length,
    names: classes.slice(0, 20).join(', '),
  });
}

import { expect, it } from 'vitest';
import { applyPatch, classOf, emptyCuration, type Curation, type Patch } from './curationState';

const id = (digit: string) => digit.repeat(64);
const applied = (curation: Curation, patch: Patch) => {
  const result = applyPatch(curation, patch);
  if (!result) throw new Error('nothing changed');
  return result;
};

it('is taken back by the inverse of what was done, section by section', () => {
  const first = applied(emptyCuration, {
    excluded: [
      [id('a'), true],
      [id('b'), true],
    ],
    classes: [[id('a'), 'cats']],
  });
  expect([...first.curation.excluded.keys()]).toEqual([id('a'), id('b')]);
  const second = applied(first.curation, { excluded: [[id('a'), null]], classes: [[id('a'), 'dogs']] });
  expect(classOf(second.curation, id('a'), 'birds')).toBe('dogs');
  const back = applied(second.curation, second.inverse);
  expect(back.curation).toEqual({
    ...first.curation,
    excluded: new Map([
      [id('b'), true],
      [id('a'), true],
    ]),
  });
  expect(applied(back.curation, first.inverse).curation).toEqual(emptyCuration);
});

it('knows when nothing changes', () => {
  const { curation } = applied(emptyCuration, {
    excluded: [[id('a'), true]],
    settings: [['split', { heldOut: 0.1, seed: 0 }]],
  });
  expect(
    applyPatch(curation, {
      excluded: [
        [id('a'), true],
        [id('b'), null],
      ],
    }),
  ).toBeUndefined();
  expect(applyPatch(curation, { settings: [['split', { heldOut: 0.1, seed: 0 }]] })).toBeUndefined();
});

it('takes a key that is set twice back to what it was', () => {
  const { inverse, curation } = applied(emptyCuration, {
    weights: [
      ['a', 2],
      ['a', 3],
    ],
  });
  expect(applied(curation, inverse).curation).toEqual(emptyCuration);
});

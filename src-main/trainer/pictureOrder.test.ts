import { describe, expect, it } from 'vitest';
import { PictureOrder } from './pictureOrder';

const epoch = (order: PictureOrder, count: number, number: number) =>
  Array.from({ length: count }, (_, place) => order.at(number * count + place));
const countsOf = (shown: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const picture of shown) counts.set(picture, (counts.get(picture) ?? 0) + 1);
  return counts;
};

describe('the order of pictures', () => {
  it('is every picture once an epoch, also with weights that are all alike', () => {
    for (const weights of [undefined, new Float64Array(50).fill(3)]) {
      const order = new PictureOrder(50, 7, weights);
      for (const number of [0, 1, 9]) expect(countsOf(epoch(order, 50, number)).size).toBe(50);
    }
  });

  it('shows what weighs more so much more often, within one picture an epoch', () => {
    // 90 pictures of weight 1 and 10 of weight 9: half the places each.
    const weights = Float64Array.from({ length: 100 }, (_, picture) => (picture < 90 ? 1 : 9));
    const order = new PictureOrder(100, 1, weights);
    const all: number[] = [];
    for (let number = 0; number < 200; number++) {
      const shown = epoch(order, 100, number);
      const rare = shown.filter((picture) => picture >= 90);
      expect(Math.abs(rare.length - 50)).toBeLessThanOrEqual(10);
      for (const count of countsOf(rare).values()) expect([5, 6, 4]).toContain(count);
      all.push(...shown);
    }
    const counts = countsOf(all);
    // Over many epochs each of the light ones has its turn: half a time an epoch.
    for (let picture = 0; picture < 90; picture++) {
      expect(counts.get(picture)).toBeGreaterThan(60);
      expect(counts.get(picture)).toBeLessThan(140);
    }
  });

  it('is the same wherever a run goes on from', () => {
    const weights = Float64Array.from({ length: 30 }, (_, picture) => 1 + (picture % 4));
    const [one, other] = [1, 2].map(() => new PictureOrder(30, 3, weights)) as [PictureOrder, PictureOrder];
    for (let place = 0; place < 75; place++) one.at(place);
    expect(other.at(75)).toBe(one.at(75));
    expect(epoch(other, 30, 1)).toEqual(epoch(one, 30, 1));
  });

  it('does not show copies of a picture side by side', () => {
    const weights = Float64Array.from({ length: 100 }, (_, picture) => (picture === 0 ? 99 : 1));
    const shown = epoch(new PictureOrder(100, 5, weights), 100, 0);
    const places = shown.flatMap((picture, place) => (picture === 0 ? [place] : []));
    expect(places.length).toBeGreaterThan(45);
    expect((places.at(-1) as number) - (places[0] as number)).toBeGreaterThan(places.length);
  });
});

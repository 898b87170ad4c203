import { describe, expect, it } from 'vitest';
import { FakeClient, PROJECT_ID, testPictures } from '../../app/fakeClient';
import { drawPictureMap, mapNumbers, nearestOn } from './pictureMap';

describe('the pictures of a map', () => {
  it('are all of a small set', () => {
    expect(mapNumbers(3)).toEqual([0, 1, 2]);
  });

  it('are runs from the first to the last of a large one, none twice', () => {
    const numbers = mapNumbers(5000);
    expect(numbers).toHaveLength(320);
    expect(new Set(numbers).size).toBe(320);
    expect([numbers[0], numbers.at(-1)]).toEqual([0, 4999]);
  });
});

describe('a map', () => {
  const client = new FakeClient({
    'latent.encode': ({ pictures }) => ({
      step: 7,
      // On a line, so that one direction holds everything.
      means: pictures.map((picture) => [picture, 2 * picture, 0]),
      deviations: pictures.map(() => [1, 1, 1]),
    }),
    'datasets.thumbnails': ({ from, count }) => ({
      ...testPictures(count),
      pixels: new Uint8Array(count * 192).fill(from),
    }),
  });

  it('has each picture with its thumbnail, at places from one side to the other', async () => {
    const map = await drawPictureMap(client, PROJECT_ID, 5000);
    expect(map.step).toBe(7);
    expect(map.pictures.count).toBe(320);
    expect(map.pictures.pixels).toHaveLength(320 * 192);
    expect(map.explained).toBeCloseTo(1, 6);
    const across = map.places.map(([x]) => x);
    expect([Math.min(...across), Math.max(...across)]).toEqual([0, 1]);
    expect(client.paramsOf('datasets.thumbnails').map(({ count }) => count)).toEqual(new Array(16).fill(20));
  });

  it('gives the nearest picture, also on one side alone', () => {
    const places = [[0, 0], [0.5, 0], [1, 0]] as const; // prettier-ignore
    expect(nearestOn({ places }, [0.6, 0.1])).toBe(1);
    expect(nearestOn({ places }, [0.5, 0], ([x]) => x > 0.5)).toBe(2);
    expect(nearestOn({ places }, [1, 0], ([x]) => x > 1)).toBeUndefined();
  });
});

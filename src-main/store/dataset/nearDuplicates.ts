/** Bits in which pictures of a group may differ from its largest one. */
const ALIKE = 4;
/** Each hash is cut into one part more than that: pictures that are alike have one part at least in common. */
const PARTS = ALIKE + 1;
/** Largest pictures of groups that one is compared with for each part in common: a bound for packs that are made to have all too many. */
const COMPARED = 512;

/**
 * Groups of pictures that look alike: each has, of all groups whose largest picture it is alike, joined the first. Pictures are taken by size, the largest first,
 * so no chain of small differences joins what differs much. `looks`: `[count, 8]`, see perceptualHash. Only groups of two or more, by their first picture.
 */
export function groupAlike(looks: Uint8Array, sizeOf: (picture: number) => number): readonly (readonly number[])[] {
  const count = looks.length / 8;
  const words = new Uint32Array(looks.slice().buffer);
  const order = Array.from({ length: count }, (_, picture) => picture).sort((a, b) => sizeOf(b) - sizeOf(a) || a - b);
  const groups: number[][] = [];
  const byPart: readonly Map<number, number[]>[] = Array.from({ length: PARTS }, () => new Map());
  const exact = new Map<string, number>();
  for (const picture of order) {
    const [low, high] = [words[2 * picture] as number, words[2 * picture + 1] as number];
    // One colour has no looks: two of them need not be alike.
    if (low === 0 && high === 0) continue;
    const same = exact.get(`${low},${high}`) ?? find(picture);
    if (same !== undefined) {
      groups[same]?.push(picture);
      exact.set(`${low},${high}`, same);
      continue;
    }
    const group = groups.push([picture]) - 1;
    exact.set(`${low},${high}`, group);
    partsOf(low, high).forEach((part, place) => {
      const there = byPart[place]?.get(part);
      if (there) there.push(group);
      else byPart[place]?.set(part, [group]);
    });
  }
  return groups.filter(({ length }) => length > 1).sort(([a = 0], [b = 0]) => a - b);

  function find(picture: number): number | undefined {
    const [low, high] = [words[2 * picture] as number, words[2 * picture + 1] as number];
    let first: number | undefined;
    partsOf(low, high).forEach((part, place) => {
      for (const group of byPart[place]?.get(part)?.slice(0, COMPARED) ?? []) {
        if (first !== undefined && group >= first) continue;
        const leader = groups[group]?.[0] ?? 0;
        const distance = bits(low ^ (words[2 * leader] as number)) + bits(high ^ (words[2 * leader + 1] as number));
        if (distance <= ALIKE) first = group;
      }
    });
    return first;
  }
}

/** 64 bits as parts of 13, 13, 13, 13 and 12. */
const partsOf = (low: number, high: number): readonly number[] => [
  low & 0x1fff,
  (low >>> 13) & 0x1fff,
  ((low >>> 26) | (high << 6)) & 0x1fff,
  (high >>> 7) & 0x1fff,
  high >>> 20,
];

/** Bits that are set in a 32-bit word. */
function bits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

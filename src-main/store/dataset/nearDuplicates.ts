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
  /** The hash of each group's largest picture. */
  const leaders = new Uint32Array(words.length);
  /** Groups by each part of their largest picture's hash. */
  const byPart: readonly (number[] | undefined)[][] = Array.from({ length: PARTS }, () => []);
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
    leaders.set([low, high], 2 * group);
    exact.set(`${low},${high}`, group);
    byPart.forEach((there, place) => (there[partOf(low, high, place)] ??= []).push(group));
  }
  return groups.filter(({ length }) => length > 1).sort(([a = 0], [b = 0]) => a - b);

  /** The first group whose largest picture this one is alike. Plain loops: it runs for each picture of the pack, on the thread that answers the window. */
  function find(picture: number): number | undefined {
    const [low, high] = [words[2 * picture] as number, words[2 * picture + 1] as number];
    let first = groups.length;
    for (let place = 0; place < PARTS; place++) {
      const there = byPart[place]?.[partOf(low, high, place)] ?? [];
      const compared = Math.min(there.length, COMPARED);
      for (let at = 0; at < compared; at++) {
        const group = there[at] as number;
        // They stand in order: what follows is no earlier.
        if (group >= first) break;
        const distance = bits(low ^ (leaders[2 * group] as number)) + bits(high ^ (leaders[2 * group + 1] as number));
        if (distance <= ALIKE) first = group;
      }
    }
    return first < groups.length ? first : undefined;
  }
}

/** 64 bits as parts of 13, 13, 13, 13 and 12. */
function partOf(low: number, high: number, place: number): number {
  switch (place) {
    case 0:
      return low & 0x1fff;
    case 1:
      return (low >>> 13) & 0x1fff;
    case 2:
      return ((low >>> 26) | (high << 6)) & 0x1fff;
    case 3:
      return (high >>> 7) & 0x1fff;
    default:
      return high >>> 20;
  }
}

/** Bits that are set in a 32-bit word: counted in pairs, then in fours and eights, which a product adds up (Warren, Hacker's Delight, section 5-1). */
function bits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

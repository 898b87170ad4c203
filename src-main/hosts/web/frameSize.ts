import { limits } from '#shared/contract/limits';

/** Bytes of a fixed-size value behind its first byte, by that byte (MessagePack specification, “Formats”). */
const FIXED: Readonly<Record<number, number>> = {
  ...{ 0xc0: 0, 0xc2: 0, 0xc3: 0, 0xca: 4, 0xcb: 8 },
  ...{ 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8 },
  ...{ 0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17 },
};
/** Values whose length follows their first byte: in how many bytes, and what the length counts. */
const COUNTED: Readonly<Record<number, readonly [width: 1 | 2 | 4, unit: 'byte' | 'extension' | 'item' | 'pair']>> = {
  ...{ 0xc4: [1, 'byte'], 0xc5: [2, 'byte'], 0xc6: [4, 'byte'] },
  ...{ 0xc7: [1, 'extension'], 0xc8: [2, 'extension'], 0xc9: [4, 'extension'] },
  ...{ 0xd9: [1, 'byte'], 0xda: [2, 'byte'], 0xdb: [4, 'byte'] },
  ...{ 0xdc: [2, 'item'], 0xdd: [4, 'item'], 0xde: [2, 'pair'], 0xdf: [4, 'pair'] },
};

/**
 * Whether a MessagePack frame has the bytes that its headers claim. The decoder makes room for an array by its header
 * alone, and five bytes claim four billion entries; after this check what it makes is in proportion to the frame. Deeper
 * nesting than {@link limits.callDepth} is refused too.
 */
export function isFrameWhole(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  /** Values that headers promised; each takes a byte at least. */
  let expected = 1;
  /** For each array or map that is open: how many promised values there will be when it ends. */
  const ends: number[] = [];
  while (expected > 0) {
    if (expected > bytes.length - at) return false;
    while (ends.at(-1) === expected) ends.pop();
    if (ends.length > limits.callDepth) return false;
    const first = view.getUint8(at++);
    expected--;
    const outside = expected;
    if (first < 0x80 || first >= 0xe0) continue;
    if (first < 0x90) expected += 2 * (first & 0x0f);
    else if (first < 0xa0) expected += first & 0x0f;
    else if (first < 0xc0) at += first & 0x1f;
    else if (first in FIXED) at += FIXED[first] ?? 0;
    else {
      const [width, unit] = COUNTED[first] ?? [];
      if (width === undefined || at + width > bytes.length) return false;
      const length = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
      at += width;
      if (unit === 'item') expected += length;
      else if (unit === 'pair') expected += 2 * length;
      else at += unit === 'extension' ? length + 1 : length;
    }
    if (expected > outside) ends.push(outside);
  }
  return at === bytes.length;
}

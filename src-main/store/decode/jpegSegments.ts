/** A marker segment of a JPEG (ITU-T T.81, B.1.1.4). */
interface Segment {
  readonly marker: number;
  /** What follows its length. */
  readonly data: Uint8Array;
}

const FILL = 0xff;
/** Start of a scan: what comes after its segment is no segment. */
export const SCAN = 0xda;

/** The segments up to the first scan's, which is the last. Ends early where something else stands, or where a length leads out of the bytes. */
export function* jpegSegments(bytes: Uint8Array): Generator<Segment> {
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== FILL) return;
    if (marker === FILL) {
      at += 1;
      continue;
    }
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    if (length < 2 || at + 2 + length > bytes.length) return;
    yield { marker, data: bytes.subarray(at + 4, at + 2 + length) };
    if (marker === SCAN) return;
    at += 2 + length;
  }
}

/**
 * Puts still WebP files together into an animated one (RFC 9649, section 2.7). An own muxer, because picture libraries encode an animation in one
 * call, which can neither tell its progress nor be cancelled, and holds all raw frames.
 */
export interface AnimatedWebp {
  /** Of every frame, pixels. */
  readonly width: number;
  readonly height: number;
  /** How long each frame is shown, milliseconds. */
  readonly delayMs: number;
  /** How often it plays; 0: for ever. */
  readonly loop: number;
}

const ANIMATION_FLAG = 0x02;
const ALPHA_FLAG = 0x10;
/** Frames replace what was there: no blending with the one before (B), no clearing after (D). */
const DO_NOT_BLEND = 0x02;
/** Chunks of a still that make up its picture; the others describe the file around it. */
const PICTURE_CHUNKS = new Set(['VP8 ', 'VP8L', 'ALPH']);

/** Stills of the same size, in order. */
export function animatedWebp(stills: readonly Uint8Array[], { width, height, delayMs, loop }: AnimatedWebp): Buffer {
  const extended = Buffer.alloc(10);
  // Lossless frames may carry alpha bits, so it is announced; players look at the frames themselves.
  extended[0] = ANIMATION_FLAG | ALPHA_FLAG;
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const animation = Buffer.alloc(6);
  // Background: opaque white, BGRA.
  animation.writeUInt32LE(0xffffffff, 0);
  animation.writeUInt16LE(loop, 4);
  const frames = stills.map((still, index) => {
    const header = Buffer.alloc(16);
    header.writeUIntLE(width - 1, 6, 3);
    header.writeUIntLE(height - 1, 9, 3);
    // Whole milliseconds alone fit, so the rest is carried on: 30 frames at 33⅓ ms are a second.
    header.writeUIntLE(Math.round((index + 1) * delayMs) - Math.round(index * delayMs), 12, 3);
    header[15] = DO_NOT_BLEND;
    return chunk('ANMF', Buffer.concat([header, ...pictureChunks(still)]));
  });
  const body = Buffer.concat([Buffer.from('WEBP'), chunk('VP8X', extended), chunk('ANIM', animation), ...frames]);
  return chunk('RIFF', body);
}

function chunk(type: string, data: Uint8Array): Buffer {
  // Padded to an even length, which the length field does not count.
  const bytes = Buffer.alloc(8 + data.length + (data.length % 2));
  bytes.write(type, 0, 'latin1');
  bytes.writeUInt32LE(data.length, 4);
  bytes.set(data, 8);
  return bytes;
}

/** A still's picture chunks, whole. */
function pictureChunks(still: Uint8Array): Buffer[] {
  const bytes = Buffer.from(still.buffer, still.byteOffset, still.byteLength);
  const chunks: Buffer[] = [];
  for (let position = 12; position + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(position + 4);
    const end = position + 8 + length + (length % 2);
    if (PICTURE_CHUNKS.has(bytes.toString('latin1', position, position + 4)))
      chunks.push(bytes.subarray(position, end));
    position = end;
  }
  return chunks;
}

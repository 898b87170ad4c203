import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

const DIFFERENT = 40;
const SIDE = 512;
/** Names in one folder, so that listing it stays fast. */
const IN_FOLDER = 5000;

/** JPEGs of 512², with the detail of photographs (some 60 kB each): a few pictures, each file with a comment that makes its content its own. */
export async function writeJpegs(folder, count) {
  mkdirSync(folder, { recursive: true });
  const pictures = await Promise.all(Array.from({ length: Math.min(count, DIFFERENT) }, detailed));
  for (let number = 0; number < count; number++) {
    const jpeg = pictures[number % pictures.length];
    const text = Buffer.from(`file ${number}`);
    const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
    const bytes = Buffer.concat([jpeg.subarray(0, 2), comment, text, jpeg.subarray(2)]);
    writeFileSync(join(folder, `${String(number).padStart(6, '0')}.jpg`), bytes);
  }
}

async function detailed() {
  const layer = (side) =>
    sharp(randomFillSync(Buffer.alloc(side * side * 3)), { raw: { width: side, height: side, channels: 3 } })
      .resize(SIDE, SIDE, { kernel: 'cubic' })
      .raw()
      .toBuffer();
  const [coarse, middle, fine] = await Promise.all([layer(6), layer(32), layer(160)]);
  const pixels = coarse.map((value, at) => 0.6 * value + 0.25 * middle[at] + 0.15 * fine[at]);
  return sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Small PNGs of noise, each its own. */
export function writeSmall(folder, count, side) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const row = side * 3 + 1;
  const rows = Buffer.alloc(side * row);
  for (let number = 0; number < count; number++) {
    const within = join(folder, `part-${Math.floor(number / IN_FOLDER)}`);
    if (number % IN_FOLDER === 0) mkdirSync(within, { recursive: true });
    randomFillSync(rows);
    for (let at = 0; at < rows.length; at += row) rows[at] = 0;
    const parts = [
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows, { level: 0 })),
      chunk('IEND', Buffer.alloc(0)),
    ];
    const bytes = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
    writeFileSync(join(within, `${String(number).padStart(6, '0')}.png`), bytes);
  }
}

function chunk(type, data) {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

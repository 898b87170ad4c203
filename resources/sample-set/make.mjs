/**
 * Makes pictures/ from the npm package @lobehub/fluent-emoji-3d (see README.md):
 *   npm pack @lobehub/fluent-emoji-3d@1.1.0 && tar xzf lobehub-fluent-emoji-3d-1.1.0.tgz
 *   node resources/sample-set/make.mjs package/assets
 */
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const SIDE = 64;
/** Ranges of Unicode code points, both ends included; those without a picture are passed over. */
const groups = {
  face: [
    [0x1f600, 0x1f637],
    [0x1f641, 0x1f644],
    [0x1f910, 0x1f917],
    [0x1f920, 0x1f925],
    [0x1f927, 0x1f92f],
    [0x1f970, 0x1f976],
    [0x1f978, 0x1f97a],
    [0x1f9d0, 0x1f9d0],
    [0x1fae0, 0x1fae4],
    [0x1fae8, 0x1fae8],
  ],
  animal: [
    [0x1f400, 0x1f43d],
    [0x1f54a, 0x1f54a],
    [0x1f577, 0x1f577],
    // U+1F63A is drawn as U+1F431.
    [0x1f638, 0x1f639],
    [0x1f63b, 0x1f640],
    [0x1f980, 0x1f9ae],
    [0x1facd, 0x1facf],
    [0x1fab0, 0x1fab3],
    [0x1fabc, 0x1fabf],
  ],
  food: [
    [0x1f32d, 0x1f330],
    [0x1f336, 0x1f336],
    [0x1f345, 0x1f37f],
    [0x1f950, 0x1f96f],
    [0x1f9c0, 0x1f9cb],
    [0x1fad0, 0x1fadb],
  ],
};

const [assets] = process.argv.slice(2);
if (!assets) throw new Error('usage: node resources/sample-set/make.mjs FOLDER_OF_WEBP_FILES');
const target = join(import.meta.dirname, 'pictures');
await rm(target, { recursive: true, force: true });
await mkdir(target);

const isFile = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

let count = 0;
for (const [group, ranges] of Object.entries(groups)) {
  for (const [first, last] of ranges) {
    for (let point = first; point <= last; point++) {
      const hex = point.toString(16);
      // U+FE0F asks for the coloured form where a sign has both.
      const candidates = [`${hex}.webp`, `${hex}-fe0f.webp`].map((name) => join(assets, name));
      const present = await Promise.all(candidates.map(isFile));
      const source = candidates[present.indexOf(true)];
      if (!source) continue;
      await sharp(source)
        .flatten({ background: '#ffffff' })
        .resize(SIDE, SIDE, { kernel: 'lanczos3' })
        .toColourspace('srgb')
        .png({ compressionLevel: 9, adaptiveFiltering: true })
        .toFile(join(target, `${group}-${hex}.png`));
      count += 1;
    }
  }
}
console.log(`${count} pictures`);

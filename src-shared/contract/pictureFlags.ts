/**
 * What an import notes about a picture that it took: what was mended on the way in, and what makes it doubtful for training. Kept as one bit each beside
 * the picture, so a bit's place never changes and new flags go to the end.
 */
interface PictureFlagEntry {
  readonly bit: number;
  /** `mended`: it was changed into something usable; `doubtful`: it is as it was, and may not be worth training on. */
  readonly kind: 'mended' | 'doubtful';
  /** What it is, as a heading over such pictures. */
  readonly title: string;
  /** What was done, or can be done. */
  readonly advice: string;
}

export const pictureFlags = {
  turned: {
    bit: 0,
    kind: 'mended',
    title: 'Turned upright',
    advice: 'The camera noted how it was held (EXIF), and the picture was turned by it. Nothing to do.',
  },
  'cut-short': {
    bit: 1,
    kind: 'mended',
    title: 'Cut short',
    advice:
      'The file ends early; the missing rows at the bottom were left out. Copy it again from its source if you can.',
  },
  'wrong-extension': {
    bit: 2,
    kind: 'mended',
    title: 'Named as another format',
    advice: 'It was read by its content, whatever its name says. Nothing to do.',
  },
  cmyk: {
    bit: 3,
    kind: 'mended',
    title: 'Made for print (CMYK)',
    advice: 'Its inks were turned into screen colours, which may look duller or brighter. Look at it once.',
  },
  profile: {
    bit: 4,
    kind: 'mended',
    title: 'Converted from another colour profile',
    advice: 'Its colours were brought to sRGB. Nothing to do.',
  },
  transparent: {
    bit: 5,
    kind: 'mended',
    title: 'Transparent',
    advice:
      'It was laid on the background colour of the import. Choose another colour and import anew where it looks wrong.',
  },
  'bit-depth': {
    bit: 6,
    kind: 'mended',
    title: 'More than 8 bits a channel',
    advice: 'Its values were scaled to 0 … 255. Nothing to do.',
  },
  frame: {
    bit: 7,
    kind: 'mended',
    title: 'Frames of an animation or video',
    advice:
      'Every n-th frame was taken as a picture of its own, with its number behind the file’s name. For others, clear the pictures and choose n before the import.',
  },
  'too-small': {
    bit: 8,
    kind: 'doubtful',
    title: 'Smaller than the training size',
    advice:
      'They were enlarged and look soft; the generator learns to be soft as well. Leave them out, or train at a smaller size.',
  },
  'too-dark': {
    bit: 9,
    kind: 'doubtful',
    title: 'Very dark',
    advice: 'There is little to see in them. Leave them out unless your pictures are meant to be dark.',
  },
  'near-blank': {
    bit: 10,
    kind: 'doubtful',
    title: 'Nearly one colour',
    advice: 'There is nothing to learn from them but their colour. Leave them out.',
  },
  grey: {
    bit: 11,
    kind: 'doubtful',
    title: 'Grey among colours',
    advice: 'They have no colour while the others have. Leave them out, or import all of them in grey.',
  },
} as const satisfies Readonly<Record<string, PictureFlagEntry>>;

export type PictureFlag = keyof typeof pictureFlags;

/** All flags, by their bits. */
export const pictureFlagNames: readonly PictureFlag[] = (Object.keys(pictureFlags) as PictureFlag[]).toSorted(
  (a, b) => pictureFlags[a].bit - pictureFlags[b].bit,
);

/** The bitset that has exactly these flags. */
export const bitsOf = (flags: Iterable<PictureFlag>): number => {
  let bits = 0;
  for (const flag of flags) bits |= 1 << pictureFlags[flag].bit;
  return bits >>> 0;
};

export const flagsOf = (bits: number): PictureFlag[] =>
  pictureFlagNames.filter((flag) => (bits >>> pictureFlags[flag].bit) & 1);

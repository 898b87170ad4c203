import type { SkipCode } from './types';
import { videoAdvice } from './videoFrames';

/** Why a file was not taken, in plain words. */
interface SkipEntry {
  /** What such files are, as a heading over them. */
  readonly title: string;
  /** What can be done. */
  readonly advice: string;
}

export const skipCodes: Readonly<Record<SkipCode, SkipEntry>> = {
  'not-a-picture': { title: 'Not pictures', advice: 'Other files in the folder. Nothing to do.' },
  corrupt: {
    title: 'Damaged',
    advice: 'The picture ends early or its data make no sense. Save it again from its source.',
  },
  empty: { title: 'Empty files', advice: 'They hold nothing at all.' },
  'too-large': { title: 'Files too large', advice: 'Save them smaller, then add them again.' },
  'too-many-pixels': {
    title: 'Too many pixels',
    advice: 'Scale them down first; training uses small pictures anyway.',
  },
  timeout: { title: 'Took too long to open', advice: 'Save them in a plain format such as PNG or JPEG.' },
  unreadable: {
    title: 'Could not be opened',
    advice: 'Check that these files are still there, and their permissions.',
  },
  name: {
    title: 'Names that are not taken',
    advice:
      'Their paths are too long, too deep or clash with another’s. Rename or move these files, then add them again.',
  },
  unsupported: {
    title: 'Formats that are not read',
    advice: 'Save them as PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP.',
  },
  video: {
    title: 'Videos',
    advice: videoAdvice,
  },
  archive: {
    title: 'Archives that could not be opened',
    advice: 'Unpack them with another program and add the folder.',
  },
  'archive-cut': {
    title: 'Archives that are cut short',
    advice: 'The files before the cut were taken. Copy or download the archive again, then add it for the rest.',
  },
  labels: {
    title: 'Classes',
    advice:
      'The pictures were taken, those that are meant here without a class. Mend the list, or give classes in the window.',
  },
};

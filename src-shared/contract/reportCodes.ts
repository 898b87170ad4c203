import { pictureFlags } from './pictureFlags';
import { skipCodes } from './skipCodes';
import type { DuplicateCode, ReportCode, ReportedFile } from './types';

/** What an import can say of a file, in plain words. */
interface ReportEntry {
  /** What such files are, as a heading over them. */
  readonly title: string;
  /** What was done, or can be done. */
  readonly advice: string;
}

const duplicateCodes: Readonly<Record<DuplicateCode | 'class-conflict', ReportEntry>> = {
  again: { title: 'Imported before', advice: 'The same files as last time; they were not taken twice. Nothing to do.' },
  known: {
    title: 'Copies of pictures that were there',
    advice: 'The same file under another name; the first one stays. Nothing to do, or leave the picture out.',
  },
  twice: {
    title: 'Twice in this import',
    advice: 'The same file under several names; the first one stays. Nothing to do, or leave the picture out.',
  },
  'other-frames': {
    title: 'Animations taken before, with other frames',
    advice:
      'Their frames stay as they were, and no others were added. To have others, clear the pictures (or make a new project) and import all of them with the number that you want.',
  },
  'class-conflict': {
    title: 'In two classes at once',
    advice:
      'The same picture lies in the folders of two classes; it keeps the first. Choose its class, or leave it out.',
  },
};

export const reportCodes: Readonly<Record<ReportCode, ReportEntry>> = {
  ...skipCodes,
  ...pictureFlags,
  ...duplicateCodes,
};

export const reportCodeNames = Object.keys(reportCodes) as ReportCode[];

/** The codes of a file in an import's report. */
export function codesOf(file: ReportedFile): readonly ReportCode[] {
  if ('flags' in file) return file.flags;
  return 'conflict' in file ? [file.code, file.conflict.code] : [file.code];
}

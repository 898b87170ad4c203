/** Why a picture could not be made anew from its file, in plain words. */
export const missingCodes = {
  missing: 'its file is gone',
  changed: 'its file was changed after the import',
  archive: 'the archive it came from can no longer be opened',
  unknown: 'where its file lies was never noted',
  refused: 'its file can no longer be decoded',
} as const;

export type MissingCode = keyof typeof missingCodes;

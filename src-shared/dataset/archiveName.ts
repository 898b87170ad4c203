const ARCHIVE = /\.(?:zip|tar|tar\.gz|tgz)$/i;

/** Whether a file is opened as an archive of pictures, by its name. */
export const isArchiveName = (name: string): boolean => ARCHIVE.test(name);

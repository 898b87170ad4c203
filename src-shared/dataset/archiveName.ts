const ARCHIVE = /\.(?:zip|tar|tar\.gz|tgz)$/i;

const UNREAD = /\.(?:7z|rar|gz|t?bz2?|t?xz|t?zst)$/i;

/** Whether a file is an archive of a kind that is not opened, by its name. */
export const isUnreadArchiveName = (name: string): boolean => UNREAD.test(name) && !isArchiveName(name);

/** Whether a file is opened as an archive of pictures, by its name. */
export const isArchiveName = (name: string): boolean => ARCHIVE.test(name);

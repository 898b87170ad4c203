const VIDEO = /\.(?:mp4|m4v|mov|webm|mkv)$/i;

/** Whether the studio's window takes a file apart into frames, by its name. */
export const isVideoName = (name: string): boolean => VIDEO.test(name);

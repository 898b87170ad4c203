/** Saves a frame of each second of a video, for where it cannot be taken apart. A file's own name has no place in a command that people copy. */
const FFMPEG = 'ffmpeg -i VIDEO -vf fps=1 frames/%06d.png';

/** What else can be done about a video. */
export const framesByHand = `Or save frames of it as pictures: ${FFMPEG}`;

/** What to do about a video that an import met. */
export const videoAdvice = `Drop an MP4, MOV, WebM or MKV itself (not its folder) into the studio’s window: it is taken apart there. ${framesByHand}`;

/** Saves a frame of each second of a video, for where it cannot be taken apart. A file's own name has no place in a command that people copy. */
const FFMPEG = 'ffmpeg -i VIDEO -vf fps=1 frames/%06d.png';

/** What else can be done about a video. */
export const framesByHand = `Or save frames of it as pictures: ${FFMPEG}`;

/** What to do about a video that an import met. */
export const videoAdvice = `The studio’s window takes their frames: of an MP4, MOV, WebM or MKV that is dropped itself, or in the report of its folder’s import. ${framesByHand}`;

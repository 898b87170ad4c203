/** Every boundary has a cap, and every cap stands here. Sizes are bytes unless the name says otherwise. */
export const limits = {
  /** One contract call's parameters, encoded. */
  callBytes: 4 * 1024 * 1024,
  /** One uploaded picture file. */
  uploadFileBytes: 64 * 1024 * 1024,
  /** Files in one drop or upload. */
  uploadFiles: 200_000,
  /** Pixels of one picture before it is decoded (a decoder bomb is refused by its header). */
  picturePixels: 64_000_000,
  /** Time one picture may take to decode. */
  decodeTimeoutMs: 20_000,
  /** Side of a training picture. */
  imageSideMin: 16,
  imageSideMax: 256,
  latentSizeMax: 1024,
  layersPerNetwork: 128,
  batchMax: 1024,
  stepsMax: 100_000_000,
  /** Pictures rendered by one call of the explorer. */
  renderCount: 1024,
  /** Frames of an exported animation. */
  animationFrames: 1000,
  /** Characters of a project's name. */
  nameLength: 80,
  /** Thumbnails handed out by one call. */
  thumbnails: 512,
  /** Skipped files named in a report; the count stays exact beyond it. */
  skippedListed: 10_000,
} as const;

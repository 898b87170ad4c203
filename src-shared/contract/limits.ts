/** Every boundary has a cap, and every cap stands here. Sizes are bytes unless the name says otherwise. */
export const limits = {
  /** One contract call's parameters, encoded. */
  callBytes: 4 * 1024 * 1024,
  /** One picture file, uploaded or read; archives may have all of `uploadBytes`. */
  uploadFileBytes: 64 * 1024 * 1024,
  /** Files in one drop or upload. */
  uploadFiles: 200_000,
  /** All files of one upload. */
  uploadBytes: 64 * 1024 ** 3,
  /** Files that are sent in one request, the bytes of all, and those of the list of their names. */
  uploadBatchFiles: 128,
  uploadBatchBytes: 4 * 1024 * 1024,
  uploadBatchListBytes: 1024 * 1024,
  /** Characters of an uploaded file's path inside the dropped folder, and its depth. */
  uploadNameLength: 1024,
  uploadDepth: 32,
  /** Uploads that wait to be imported; a further one takes the place of the oldest. */
  uploadsOpen: 16,
  /** Files of a drop that a page could not hand over and names, and characters of such a name or reason; the count stays exact beyond it. */
  leftOutListed: 1000,
  leftOutText: 300,
  /** Files and folders that are named of an import which was cut off, and characters of such a name. */
  unfinishedNamed: 3,
  unfinishedNameLength: 8192,
  /** Pages connected to one web host. */
  pages: 32,
  /** Arrays and maps within one another in a call; its decoder takes a hundred times the bytes of a frame that is nothing else. */
  callDepth: 32,
  /** Calls of one page under way; past them its socket is not read. */
  callsUnderWay: 32,
  /** Answers and events that wait in one page's socket; past them, newer events replace older ones. */
  socketBacklogBytes: 4 * 1024 * 1024,
  /** Kinds of events that wait for a slow page, the newest of each; past them the oldest kind is dropped. */
  eventsWaiting: 256,
  /** Files found in one import by path; those of one archive, their bytes together, and how many times its own size they may have, from some size on. */
  importFiles: 2_000_000,
  archiveFiles: 2_000_000,
  archiveBytes: 256 * 1024 ** 3,
  archiveRatio: 200,
  archiveRatioFrom: 256 * 1024 * 1024,
  /** Frames taken of one animation. */
  framesPerFile: 500,
  /** Frames from one that is taken to the next, at most. */
  everyFrame: 10_000,
  /** Longest side of a picture that is made of a video's frame; training pictures are smaller, crops may be parts of it. */
  videoPictureSide: 1024,
  /** One answer with a part of a video that lies on the host's disk. */
  videoPartBytes: 1024 * 1024,
  /** Pixels of one picture before it is decoded (a decoder bomb is refused by its header). */
  picturePixels: 64_000_000,
  /** Time one picture may take to decode, or some frames of an animation; and all of an animation. */
  decodeTimeoutMs: 20_000,
  animationTimeoutMs: 5 * 60_000,
  /** Pixels of the frames of an animation that are read at once: four bytes each, in each decoder. */
  animationPixelsAtOnce: 32_000_000,
  /** Side of a training picture. */
  imageSideMin: 16,
  imageSideMax: 256,
  latentSizeMax: 1024,
  layersPerNetwork: 128,
  /** Layers that one layer joins. */
  layerInputs: 8,
  /** Numbers that one network learns: 64 million need 2 GB to be trained. A large GAN of the literature for 256×256 has some 30 million. */
  networkParameters: 64_000_000,
  /** Numbers that come out of one layer for one picture: 256×256 pixels with 1024 channels. */
  layerOutputs: 256 * 256 * 1024,
  batchMin: 2,
  batchMax: 1024,
  stepsMax: 100_000_000,
  /** Updates of D in one step; each makes the compiled step longer. */
  discriminatorStepsMax: 10,
  /** Parts of a batch; each is written out in the compiled step. */
  microBatchesMax: 16,
  /** Pictures rendered by one call of the explorer. */
  renderCount: 1024,
  /** Pictures whose places in the latent space are asked for by one call. */
  encodeCount: 2048,
  /** Pixels of all those pictures together: with {@link limits.callsUnderWay}, what one page that does not read can make the studio hold. */
  renderPixels: 1024 * 64 * 64,
  /** Frames of an exported animation. */
  animationFrames: 1000,
  /** Finished exports that wait to be saved, their bytes together, and how long they are kept. */
  exportsWaiting: 32,
  exportsWaitingBytes: 512 * 1024 * 1024,
  exportWaitMs: 30 * 60_000,
  /** Pixels of an exported picture, grid or animation frame, and of all frames of an animation together. */
  exportPixels: 100_000_000,
  animationPixels: 400_000_000,
  /** Sets of files handed over by drop or dialog that wait to be imported; a further one takes the place of the oldest. */
  offersWaiting: 64,
  /** Pictures in one pass of the sampler, so that a large request is drawn in parts. */
  renderPass: 64,
  /** Characters of a project's name. */
  nameLength: 80,
  /** Largest share of the pictures that is kept from training. */
  heldOutMax: 0.5,
  /** How many times as often as another class a class may be shown. */
  samplingWeightMax: 100,
  /** Pictures named one by one, by place or by content, in one change; a filter names any number. */
  selectedPictures: 500_000,
  selectedIds: 50_000,
  /** Pictures of a training set that are listed in the run's folder; of larger ones there are the hash and the counts. */
  listedPictures: 200_000,
  /** Characters of a pattern of file names, and such patterns in one change. */
  globLength: 512,
  globs: 100,
  /** Changes of the curation that can be taken back, and pictures in them all together. */
  curationHistory: 200,
  curationHistoryPictures: 1_000_000,
  /** Pictures whose augmentation is previewed at once, and how often each. */
  augmentPictures: 16,
  augmentVariants: 32,
  /** Pictures that are named when their files cannot be read; the count stays exact beyond it. */
  missingListed: 200,
  /** Side of a picture that is shown before it is cropped. */
  previewSide: 384,
  /** Thumbnails handed out by one call. */
  thumbnails: 512,
  /** Skipped files named in a report; the count stays exact beyond it. */
  skippedListed: 10_000,
  /** Files named in the event that tells of an import under way. */
  newestReported: 50,
  /** Characters of a file's name, and of a decoder's words, in an import's report; longer ones are cut. */
  reportedText: 4096,
  /** Reports of imports that are kept of a project, and their bytes together; the newest stays in any case. */
  importReportsKept: 200,
  importReportsBytes: 1024 ** 3,
  /** Files of a report handed out by one call. */
  reportedFiles: 1000,
  /** Mended pictures named in a report. */
  mendedListed: 1000,
  /** One JSON file of a project. */
  jsonBytes: 256 * 1024 * 1024,
  /** Folders within folders that an import walks down. */
  folderDepth: 32,
  /** Folders that a project's pictures came from. */
  datasetSources: 10_000,
  /** Pictures in one project. */
  datasetPictures: 2_000_000,
  /** Classes of a project's pictures, and characters of a class's name. */
  classes: 1024,
  classNameLength: 100,
  /** A pack up to this size is held in memory while it is trained on. */
  packInMemoryBytes: 512 * 1024 * 1024,
  safetensorsHeaderBytes: 8 * 1024 * 1024,
  /** Checkpoints kept of a run, newest first. */
  checkpointsKept: 3,
  /** Sample sheets kept of a run, spread over its length. */
  sampleSheetsKept: 200,
  recentProjects: 100,
  /** Time that one command of adding an engine may take, and how much of what it says is kept. */
  engineCommandMs: 60 * 60_000,
  engineCommandCharacters: 100_000,
} as const;

import { GanvasError, toErrorData } from '#shared/contract/errors';
import type { MadeFiles, NamedFile } from '../transport/dropped';
import { defaultEvery, framesTaken } from '../video/frameChoice';
import { openVideo, type OpenVideo } from '../video/openVideo';
import type { VideoFile } from '../video/videoFile';

export type VideoState =
  | { readonly state: 'looking' }
  | { readonly state: 'ready'; readonly video: OpenVideo }
  | { readonly state: 'refused'; readonly error: unknown };

/** Videos that were dropped, and how many of their frames are wanted. Whoever makes it closes it. */
export class VideoQuestion {
  readonly files: readonly VideoFile[];
  /** Other files of the drop, which wait for the answer. */
  readonly others: number;
  /** Of each file. */
  states = $state.raw<readonly VideoState[]>([]);
  /** The user's own number, once there is one. */
  chosen = $state<number>();
  readonly ready = $derived(this.states.flatMap((state) => (state.state === 'ready' ? [state.video] : [])));
  readonly looking = $derived(this.states.some(({ state }) => state === 'looking'));
  readonly frames = $derived(this.ready.reduce((sum, { frames }) => sum + frames, 0));
  readonly every = $derived(this.chosen ?? defaultEvery(this.frames));
  readonly pictures = $derived(this.ready.reduce((sum, { frames }) => sum + framesTaken(frames, this.every), 0));
  /** Whether to go on. */
  readonly answer: Promise<boolean>;
  /** The first video of which not all could be had, once the frames were taken. */
  broken: GanvasError | undefined;
  readonly #open = new AbortController();
  #settle: (goOn: boolean) => void = () => undefined;

  constructor(files: readonly VideoFile[], others: number, open: typeof openVideo = openVideo) {
    this.files = files;
    this.others = others;
    this.answer = new Promise((resolve) => (this.#settle = resolve));
    this.states = files.map(() => ({ state: 'looking' }));
    files.forEach((file, place) => {
      open(file, this.#open.signal).then(
        (video) => this.#set(place, { state: 'ready', video }),
        (error: unknown) => this.#set(place, { state: 'refused', error }),
      );
    });
  }

  take(): void {
    this.#settle(true);
  }

  cancel(): void {
    this.#settle(false);
  }

  /** The frames that were asked for; undefined when no video gives any. A video that is damaged ends early, and is noted. */
  made(): MadeFiles | undefined {
    const { ready: videos, every, pictures: count } = this;
    return count > 0 ? { count, files: this.#framesOf(videos, every) } : undefined;
  }

  /** Lets go of the videos' files and decoders. */
  close(): void {
    this.#open.abort();
  }

  async *#framesOf(videos: readonly OpenVideo[], every: number): AsyncGenerator<NamedFile> {
    let made = 0;
    for (const video of videos) {
      try {
        for await (const picture of video.pictures(every)) {
          made += 1;
          yield picture;
        }
      } catch (thrown) {
        if (!(thrown instanceof GanvasError) || toErrorData(thrown).code === 'job.cancelled') throw thrown;
        this.broken ??= thrown;
      }
    }
    if (made === 0 && this.broken) throw this.broken;
  }

  #set(place: number, state: VideoState): void {
    this.states = this.states.with(place, state);
  }
}

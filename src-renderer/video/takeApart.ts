import {
  BlobSource,
  CustomSource,
  EncodedPacketSink,
  Input,
  MATROSKA,
  MP4,
  QTFF,
  WEBM,
  type InputVideoTrack,
  type Source,
} from 'mediabunny';
import { fail } from '#shared/contract/errors';
import type { NamedFile } from '../transport/dropped';
import { framesOf } from './framesOf';
import { frameName, pictureSize } from './frameChoice';
import type { OpenVideo } from './openVideo';
import type { VideoFile } from './videoFile';
import { videoProblem } from './videoProblem';

/** From how many frames on that do not come at the end, something is wrong. */
const MISSING_FRAMES = 1.5;

/** Reads what a video's container says of it, and takes it apart by the browser's own decoder; see {@link openVideo}. */
export async function takeApart({ name, source }: VideoFile, signal: AbortSignal): Promise<OpenVideo> {
  // The question may have been closed while this code was loaded.
  if (signal.aborted) return fail('job.cancelled');
  const input = new Input({ source: sourceOf(source), formats: [MP4, QTFF, WEBM, MATROSKA] });
  // Ends reads and decoders under way, too.
  signal.addEventListener('abort', () => input.dispose(), { once: true });
  try {
    if (!(await input.canRead())) {
      return fail('video.damaged', { file: name, problem: 'it begins like no MP4, MOV, WebM or MKV' });
    }
    const track = (await input.getPrimaryVideoTrack()) ?? fail('video.no-track', { file: name });
    await checkCodec(track, name);
    const length = await lengthOf(track);
    const { frames, seconds } = length;
    if (frames === 0) return fail('video.damaged', { file: name, problem: 'it lists no frames' });
    const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
    const pictures = (every: number) => picturesOf(track, length, name, every, signal);
    return { name, frames, seconds, width, height, pictures };
  } catch (thrown) {
    throw videoProblem(thrown, name, signal);
  }
}

function sourceOf(source: VideoFile['source']): Source {
  if (source instanceof Blob) return new BlobSource(source);
  return new CustomSource({
    getSize: () => source.size(),
    read: (start, end) => source.read(start, end),
    // Each read is a call to the studio.
    prefetchProfile: 'fileSystem',
  });
}

async function checkCodec(track: InputVideoTrack, file: string): Promise<void> {
  const internal = await track.getInternalCodecId();
  const codec = (await track.getCodec()) ?? (typeof internal === 'string' ? internal : 'something unknown');
  if (!(await track.canDecode())) fail('video.codec-unknown', { file, codec });
}

interface Length {
  readonly frames: number;
  readonly seconds: number;
  /** When the last frame begins, seconds. */
  readonly last: number;
}

/** Counts what the container lists, without the frames' own bytes. The last one lasts as long as the others do: many containers leave that out. */
async function lengthOf(track: InputVideoTrack): Promise<Length> {
  let [frames, first, last, duration] = [0, Infinity, -Infinity, 0];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    frames += 1;
    first = Math.min(first, packet.timestamp);
    last = Math.max(last, packet.timestamp);
    ({ duration } = packet);
  }
  return { frames, last, seconds: frames > 1 ? ((last - first) * frames) / (frames - 1) : duration };
}

async function* picturesOf(
  track: InputVideoTrack,
  { frames, seconds, last }: Length,
  video: string,
  every: number,
  signal: AbortSignal,
): AsyncGenerator<NamedFile> {
  const done = { frames: 0, pictures: 0 };
  let time = -Infinity;
  try {
    const { width, height } = pictureSize(await track.getDisplayWidth(), await track.getDisplayHeight());
    const canvas = new OffscreenCanvas(width, height);
    // Drawn by the CPU: the same frame gives the same bytes, so that it is known again.
    const context = canvas.getContext('2d', { alpha: await track.canBeTransparent(), willReadFrequently: true });
    if (!context) return fail('video.damaged', { file: video, problem: `no canvas of ${width} × ${height}` });
    context.imageSmoothingQuality = 'high';
    for await (const frame of framesOf(track)) {
      const isTaken = done.frames % every === 0;
      if (isTaken) await frame.draw(context);
      time = frame.timestamp;
      // At once: a decoder stops when too many of its frames are held.
      frame.close();
      if (isTaken) {
        const name = frameName(video, done.frames);
        yield { name, file: new File([await canvas.convertToBlob({ type: 'image/png' })], name) };
        done.pictures += 1;
      }
      done.frames += 1;
    }
    // A file that was cut short lists them, and the library passes over what is not there. Their number is no sign: some codecs have frames that are never shown.
    if (last - time > MISSING_FRAMES * (seconds / frames)) throw new Error('its end is missing');
  } catch (thrown) {
    throw videoProblem(thrown, video, signal, done);
  }
}

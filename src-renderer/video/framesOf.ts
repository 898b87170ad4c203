import { EncodedPacketSink, VideoSample, VideoSampleSink, type InputVideoTrack } from 'mediabunny';

type Context = OffscreenCanvasRenderingContext2D;

/** A frame of a video, to be closed before many more are asked for: a decoder stops when too many of its frames are held. */
interface Frame {
  /** When it begins, seconds. */
  readonly timestamp: number;
  /** Fills a canvas with it, turned as the video says. */
  draw(context: Context): void | Promise<void>;
  close(): void;
}

/** Chunks that may wait for a decoder. */
const WAITING_CHUNKS = 4;

/** A video's frames in the order in which they are shown. Whoever takes them closes each. */
export async function* framesOf(track: InputVideoTrack): AsyncGenerator<Frame> {
  if (await track.canBeTransparent()) return yield* transparentFrames(track);
  for await (const sample of new VideoSampleSink(track).samples()) {
    const { timestamp } = sample;
    yield { timestamp, draw: (context) => sample.drawWithFit(context, { fit: 'fill' }), close: () => sample.close() };
  }
}

/**
 * Frames with their transparency, which WebM and Matroska hold as a second video in the first one's packets. The library would merge them in a worker of its own
 * making, which the page's policy refuses.
 */
async function* transparentFrames(track: InputVideoTrack): AsyncGenerator<Frame> {
  const config = await track.getDecoderConfig();
  if (!config) throw new Error('its codec is not described');
  const rotation = await track.getRotation();
  const colours: VideoFrame[] = [];
  const alphas = new Map<number, VideoFrame>();
  /** When frames begin that have transparency, microseconds. */
  const promised = new Set<number>();
  const problems: unknown[] = [];
  const open = (output: (frame: VideoFrame) => void): VideoDecoder => {
    const decoder = new VideoDecoder({ output, error: (error) => problems.push(error) });
    decoder.configure(config);
    return decoder;
  };
  const colour = open((frame) => colours.push(frame));
  const alpha = open((frame) => alphas.set(frame.timestamp, frame));
  const next = (atEnd: boolean): Frame | undefined => {
    const [first] = colours;
    if (!first || (!atEnd && promised.has(first.timestamp) && !alphas.has(first.timestamp))) return undefined;
    colours.shift();
    const own = alphas.get(first.timestamp);
    alphas.delete(first.timestamp);
    return merged(first, own, rotation);
  };
  try {
    for await (const packet of new EncodedPacketSink(track).packets()) {
      if (problems.length > 0) throw problems[0];
      colour.decode(packet.toEncodedVideoChunk());
      if (packet.sideData.alpha) {
        // Its key frames need not be the colour's: but for the first, decoders do not ask.
        const chunk = packet.alphaToEncodedVideoChunk(promised.size === 0 ? 'key' : 'delta');
        promised.add(chunk.timestamp);
        alpha.decode(chunk);
      }
      await Promise.all([roomIn(colour), roomIn(alpha)]);
      for (let frame = next(false); frame; frame = next(false)) yield frame;
    }
    await Promise.all([colour.flush(), alpha.flush()]);
    for (let frame = next(true); frame; frame = next(true)) yield frame;
  } finally {
    for (const decoder of [colour, alpha]) if (decoder.state !== 'closed') decoder.close();
    for (const frame of [...colours, ...alphas.values()]) frame.close();
  }
}

async function roomIn(decoder: VideoDecoder): Promise<void> {
  while (decoder.state === 'configured' && decoder.decodeQueueSize > WAITING_CHUNKS) {
    await new Promise((resolve) => decoder.addEventListener('dequeue', resolve, { once: true }));
  }
}

function merged(colour: VideoFrame, alpha: VideoFrame | undefined, rotation: VideoSample['rotation']): Frame {
  return {
    timestamp: colour.timestamp / 1_000_000,
    async draw(context) {
      const { displayWidth: width, displayHeight: height } = colour;
      const canvas = new OffscreenCanvas(width, height);
      const own = canvas.getContext('2d', { willReadFrequently: true });
      if (!own) throw new Error(`no canvas of ${width} × ${height}`);
      own.drawImage(colour, 0, 0, width, height);
      const picture = own.getImageData(0, 0, width, height);
      if (alpha) await setAlpha(picture, alpha);
      // Of its bytes, not of a canvas: frames of those are drawn darker where they are transparent.
      const coded = { format: 'RGBA', codedWidth: width, codedHeight: height } as const;
      const sample = new VideoSample(picture.data, { ...coded, timestamp: 0, rotation });
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      sample.drawWithFit(context, { fit: 'fill' });
      sample.close();
    },
    close() {
      colour.close();
      alpha?.close();
    },
  };
}

/** Takes a frame's brightness as it is coded for a picture's transparency: drawn, its darkest and lightest values would be lost. */
async function setAlpha(picture: ImageData, frame: VideoFrame): Promise<void> {
  const { format, visibleRect } = frame;
  if (!visibleRect || !/^(?:I4|NV12$)/.test(format ?? ''))
    throw new Error('its transparency is laid out in no known way');
  const bytes = new Uint8Array(frame.allocationSize());
  const [plane] = await frame.copyTo(bytes);
  if (!plane) throw new Error('its transparency has no pixels');
  const { width, height, data } = picture;
  for (let y = 0; y < height; y++) {
    const row = plane.offset + Math.floor((y * visibleRect.height) / height) * plane.stride;
    for (let x = 0; x < width; x++) {
      data[(y * width + x) * 4 + 3] = bytes[row + Math.floor((x * visibleRect.width) / width)] ?? 255;
    }
  }
}

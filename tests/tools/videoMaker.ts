import type { BrowserContext, Page } from '@playwright/test';
import type * as mediabunny from 'mediabunny';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

type Mediabunny = typeof mediabunny;

/** A page in which videos are made by the browser's own encoder: none needs to be kept. WebCodecs is there on secure pages alone. */
const PLACE = 'https://video-maker.test/';

interface VideoPlan {
  readonly format: 'webm' | 'mp4';
  readonly width: number;
  readonly height: number;
  /** Colour of the left half, then of the right half, of each frame. */
  readonly frames: readonly (readonly [string, string])[];
  /** Clockwise, as the file says it is to be shown. */
  readonly rotation?: 0 | 90 | 180 | 270;
  /** How many times as wide as high a pixel is shown. */
  readonly pixelAspect?: number;
  /** Colours may be transparent. */
  readonly alpha?: boolean;
}

/** A codec that this browser both encodes and decodes; undefined where it has none, or no WebCodecs. */
export async function usableCodec(page: Page): Promise<'vp8' | 'vp9' | undefined> {
  return page.evaluate(async () => {
    if (!('VideoEncoder' in globalThis)) return undefined;
    const names = { vp8: 'vp8', vp9: 'vp09.00.10.08' } as const;
    for (const codec of ['vp9', 'vp8'] as const) {
      const encodes = await VideoEncoder.isConfigSupported({ codec: names[codec], width: 64, height: 48 });
      const decodes = await VideoDecoder.isConfigSupported({ codec: names[codec] });
      if (encodes.supported && decodes.supported) return codec;
    }
    return undefined;
  });
}

export async function openVideoMaker(context: BrowserContext): Promise<Page> {
  const bundle = fileURLToPath(
    new URL('../../node_modules/mediabunny/dist/bundles/mediabunny.min.mjs', import.meta.url),
  );
  const page = await context.newPage();
  await page.route(`${PLACE}**`, async (route) => {
    const isLibrary = route.request().url().endsWith('.mjs');
    const body = isLibrary ? await readFile(bundle) : '<!doctype html><title>Video maker</title>';
    await route.fulfill({ body, contentType: isLibrary ? 'text/javascript' : 'text/html' });
  });
  await page.goto(PLACE);
  return page;
}

/** The bytes of a video, 25 frames a second. */
export async function makeVideo(page: Page, codec: 'vp8' | 'vp9', plan: VideoPlan): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ({ codec, plan, library }) => {
      const { BufferTarget, Mp4OutputFormat, Output, VideoSample, VideoSampleSource, WebMOutputFormat } = (await import(
        library
      )) as Mediabunny;
      const format = plan.format === 'mp4' ? new Mp4OutputFormat({ fastStart: 'in-memory' }) : new WebMOutputFormat();
      const output = new Output({ format, target: new BufferTarget() });
      const source = new VideoSampleSource({
        codec,
        bitrate: 4_000_000,
        keyFrameInterval: 1,
        alpha: plan.alpha ? 'keep' : 'discard',
      });
      output.addVideoTrack(source, { rotation: plan.rotation ?? 0 });
      await output.start();
      const canvas = new OffscreenCanvas(plan.width, plan.height);
      const context = canvas.getContext('2d', { alpha: plan.alpha ?? false });
      if (!context) throw new Error('no canvas');
      for (const [number, [left, right]] of plan.frames.entries()) {
        context.clearRect(0, 0, plan.width, plan.height);
        context.fillStyle = left;
        context.fillRect(0, 0, plan.width / 2, plan.height);
        context.fillStyle = right;
        context.fillRect(plan.width / 2, 0, plan.width / 2, plan.height);
        const display = { displayWidth: plan.width * (plan.pixelAspect ?? 1), displayHeight: plan.height };
        const times = { timestamp: number * 40_000, duration: 40_000 };
        // The colours of a transparent canvas would be darkened by their transparency.
        const { data } = context.getImageData(0, 0, plan.width, plan.height);
        const coded = { format: 'RGBA', codedWidth: plan.width, codedHeight: plan.height } as const;
        const frame = plan.alpha
          ? new VideoFrame(data, { ...times, ...coded, ...display })
          : new VideoFrame(canvas, { ...times, ...display });
        const sample = new VideoSample(frame);
        await source.add(sample);
        sample.close();
      }
      await output.finalize();
      const bytes = new Uint8Array(output.target.buffer ?? new ArrayBuffer(0));
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    },
    { codec, plan, library: `${PLACE}mediabunny.mjs` },
  );
  return Buffer.from(base64, 'base64');
}

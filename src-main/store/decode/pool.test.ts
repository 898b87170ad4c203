import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openArchive } from '../archives/archive';
import { tarOf } from '../testing/archives';
import { bundle } from '../testing/bundle';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { decodePicture } from './decodePicture';
import type { DecoderKind } from './decoder';
import type { DecodedFile, DecodeOutcome, FileToRead, PictureWorkers } from './picture';
import { openPool, type PoolOptions } from './pool';
import { processDecoders } from './processDecoder';
import { wasmThreads } from './threadDecoder';

let file: URL;
beforeAll(async () => {
  file = await bundle('src-main/store/decode/worker.ts', 'decode');
});

function pool(options: Partial<PoolOptions>): PictureWorkers {
  const opened = openPool({ file, kind: processDecoders, ...options });
  onTestFinished(() => opened.close());
  return opened;
}

const options = { size: 32, channels: 3 } as const;
const jpeg = async (seed: number) => Uint8Array.from(await colourful(seed).jpeg().toBuffer());
const meanDifference = (a: DecodeOutcome, b: DecodeOutcome): number => {
  if (!a.ok || !b.ok) return Infinity;
  return (
    a.pixels.reduce((sum, value, index) => sum + Math.abs(value - (b.pixels[index] as number)), 0) / a.pixels.length
  );
};

describe.each([
  ['native build, in processes', processDecoders],
  ['WebAssembly build, in threads', wasmThreads],
] as const)('sharp’s %s', (_name, kind) => {
  test('decodes as this thread does', async () => {
    const workers = pool({ kind, decoders: 2 });
    const seeds = [1, 2, 3, 4, 5, 6];
    const outcomes = await Promise.all(seeds.map(async (seed) => workers.decode(await jpeg(seed), options)));
    for (const [index, seed] of seeds.entries()) {
      const here = await decodePicture(await jpeg(seed), options);
      expect(meanDifference(outcomes[index] as DecodeOutcome, here)).toBeLessThan(1);
    }
  });

  test('hashes and decodes files, small ones and large ones', async () => {
    const workers = pool({ kind, decoders: 1 });
    const folder = await temporaryFolder();
    for (const bytes of [
      await jpeg(1),
      Uint8Array.from(await colourful(2, 3000, 2000).jpeg({ quality: 100 }).toBuffer()),
    ]) {
      const picture = { path: join(folder, 'a.jpg'), bytes: bytes.length };
      await writeFile(picture.path, bytes);
      const sha256 = createHash('sha256').update(bytes).digest();
      const [digest, decoded] = [await workers.digest(picture), await workers.decodeFile(picture, options)];
      expect(digest.ok && Buffer.from(digest.sha256)).toEqual(sha256);
      expect(decoded.ok && Buffer.from(decoded.sha256)).toEqual(sha256);
      expect(decoded).toMatchObject({ ok: true, bytes: bytes.length });
      expect(meanDifference(decoded, await workers.decode(bytes, options))).toBe(0);
    }
    const picture = { path: join(folder, 'a.jpg'), bytes: 1000 };
    await rm(picture.path);
    const gone = { ok: false, code: 'unreadable', detail: 'ENOENT' };
    expect(await workers.digest(picture)).toEqual(gone);
    expect(await workers.decodeFile(picture, options)).toEqual(gone);
  });

  test('reads files that are asked for at once each for itself, also members of an archive', async () => {
    const workers = pool({ kind, decoders: 2 });
    const folder = await temporaryFolder();
    // Not compressed, of 3 kB to 1.6 MB: the next one is read as soon as one is decoded.
    const contents = await Promise.all(
      [40, 800, 60, 400, 800, 400, 40, 400].map((side, seed) =>
        colourful(seed, side, side * 0.85)
          .png({ compressionLevel: 0 })
          .toBuffer(),
      ),
    );
    const entries = contents.map((bytes, place) => ({ name: `${place}.png`, bytes }));
    await writeFile(join(folder, 'pictures.tar.gz'), gzipSync(tarOf(entries)));
    const archive = await openArchive(join(folder, 'pictures.tar.gz'), folder);
    const asked: FileToRead[] = [];
    for await (const entry of archive.entries()) {
      if (entry.kind === 'refused') throw new Error(entry.detail);
      const bytes = contents[asked.length / 2] as Buffer;
      // Found when it was larger.
      const alone = { path: join(folder, entry.name), bytes: bytes.length + 9 };
      await writeFile(alone.path, bytes);
      asked.push(alone, { path: archive.path, bytes: bytes.length, member: entry.member });
    }
    const [digests, decoded] = await Promise.all([
      Promise.all(asked.map((file) => workers.digest(file))),
      Promise.all(asked.map((file) => workers.decodeFile(file, options))),
    ]);
    expect(digests).toHaveLength(2 * contents.length);
    for (const [index, digest] of digests.entries()) {
      const bytes = contents[index >> 1] as Buffer;
      const sha256 = createHash('sha256').update(bytes).digest();
      const picture = decoded[index] as DecodedFile;
      expect(digest.ok && Buffer.from(digest.sha256)).toEqual(sha256);
      expect(picture.ok && [picture.bytes, Buffer.from(picture.sha256)]).toEqual([bytes.length, sha256]);
      expect(meanDifference(picture, await decodePicture(Uint8Array.from(bytes), options))).toBeLessThan(1);
    }
  });

  test('refuses what is corrupt and encodes a WebP', async () => {
    const workers = pool({ kind, decoders: 1 });
    const cut = (await jpeg(1)).slice(0, 300);
    expect(await workers.decode(cut, options)).toMatchObject({ ok: false, code: 'corrupt' });
    const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, index) => index);
    const webp = await workers.encodeWebp({ count: 1, width: 8, height: 8, channels: 3, pixels });
    const back = await decodePicture(webp, { size: 16, channels: 3 });
    expect(back).toMatchObject({ ok: true, width: 8, height: 8 });
  });
});

test('a picture that overruns its time is refused, and its decoder replaced', async () => {
  const slow = await colourful(1, 6000, 6000).jpeg().toBuffer();
  const hurried = pool({ decoders: 1, timeoutMs: 1 });
  expect(await hurried.decode(Uint8Array.from(slow), options)).toMatchObject({ ok: false, code: 'timeout' });
  // The same seat again: it has a new decoder.
  expect(await hurried.decode(Uint8Array.from(slow), options)).toMatchObject({ ok: false, code: 'timeout' });
});

describe('a decoder that dies', () => {
  const ALIVE = { ok: false, code: 'corrupt', detail: 'alive' };

  /** A decoder that ends as it is told by a picture's first byte: 0 not at all, 1 by itself, 2 as native code crashes, 3 never and without an answer. */
  async function fragile(text: string): Promise<URL> {
    const folder = await temporaryFolder();
    const path = join(folder, 'decode.mjs');
    await writeFile(path, text);
    return pathToFileURL(path);
  }
  const answer = `{ kind: 'decoded', outcome: ${JSON.stringify(ALIVE)} }`;
  const ends = `if (bytes[0] === 1) process.exit(3); if (bytes[0] === 2) process.abort(); while (bytes[0] === 3);`;
  const asProcess = `process.on('message', ({ bytes }) => { ${ends} process.send(${answer}); }); process.send({ kind: 'ready' });`;
  const asThread = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ bytes }) => { ${ends} parentPort.postMessage(${answer}); }); parentPort.postMessage({ kind: 'ready' });`;
  const decodeAll = async (kind: DecoderKind, text: string, bytes: readonly number[], timeoutMs?: number) => {
    const workers = pool({ file: await fragile(text), kind, decoders: 1, ...(timeoutMs && { timeoutMs }) });
    return Promise.all(bytes.map((byte) => workers.decode(Uint8Array.of(byte), options)));
  };

  test.each([
    ['process', processDecoders, asProcess],
    ['thread', wasmThreads, asThread],
  ] as const)('as a %s costs its picture alone', async (_name, kind, text) => {
    const crashed = { ok: false, code: 'corrupt', detail: 'the decoder crashed: it left with code 3' };
    expect(await decodeAll(kind, text, [0, 1, 0, 1, 1, 0])).toEqual([ALIVE, crashed, ALIVE, crashed, crashed, ALIVE]);
  });

  test('has its time anew with each step of an animation that it tells', async () => {
    const steps = `let left = 8; const tick = setInterval(() => {
      if (left-- > 0) return process.send({ kind: 'working' });
      clearInterval(tick); process.send(${answer}); }, 300);`;
    const text = `process.on('message', ({ bytes }) => { if (bytes[0] === 4) { ${steps} return; } ${ends} process.send(${answer}); });
      process.send({ kind: 'ready' });`;
    expect(await decodeAll(processDecoders, text, [4], 1500)).toEqual([ALIVE]);
    expect(await decodeAll(processDecoders, text, [3], 1500)).toMatchObject([{ code: 'timeout' }]);
  });

  test('has no time to keep while it loads its library', async () => {
    const load = `process.send({ kind: 'loading' }); setTimeout(() => {
      process.send({ kind: 'working' }); process.send(${answer}); }, 1500);`;
    const text = `process.on('message', () => { ${load} }); process.send({ kind: 'ready' });`;
    expect(await decodeAll(processDecoders, text, [0], 500)).toEqual([ALIVE]);
  });

  test('while it loads its library is a defect of the program, not of the picture', async () => {
    const text = `process.on('message', () => process.send({ kind: 'loading' }, () => process.abort()));
      process.send({ kind: 'ready' });`;
    await expect(decodeAll(processDecoders, text, [0, 0])).rejects.toMatchObject({ code: 'defect' });
  });

  test('costs the file that it was to read', async () => {
    const text = `process.on('message', ({ file }) => { if (file.bytes === 1) process.exit(3); while (file.bytes === 3); });
      process.send({ kind: 'ready' });`;
    const workers = pool({ file: await fragile(text), decoders: 1, timeoutMs: 500 });
    const asked = (bytes: number) => ({ path: '/nowhere', bytes });
    const crashed = { ok: false, code: 'corrupt', detail: 'the decoder crashed: it left with code 3' };
    const late = { ok: false, code: 'timeout', detail: 'not read and decoded within 500 ms' };
    expect(await Promise.all([workers.digest(asked(1)), workers.decodeFile(asked(1), options)])).toEqual([crashed, crashed]); // prettier-ignore
    expect(await Promise.all([workers.digest(asked(3)), workers.decodeFile(asked(3), options)])).toEqual([late, late]);
  });

  test('of a native crash does not take the program with it', async () => {
    const detail = 'the decoder crashed: it was ended by SIGABRT';
    expect(await decodeAll(processDecoders, asProcess, [2, 0])).toEqual([
      { ok: false, code: 'corrupt', detail },
      ALIVE,
    ]);
  });

  test('is replaced after a time-out too, and what lay behind it is done', async () => {
    const outcomes = await decodeAll(processDecoders, asProcess, [3, 0, 0], 500);
    expect(outcomes).toEqual([expect.objectContaining({ code: 'timeout' }), ALIVE, ALIVE]);
  });
});

test.each([
  ['process', processDecoders],
  ['thread', wasmThreads],
])('a decoder that cannot start, as a %s, is a defect of the program, not of the picture', async (_name, kind) => {
  const workers = pool({ file: new URL('nowhere.js', file), kind, decoders: 1 });
  const asked = [1, 2, 3, 4].map((byte) => workers.decode(Uint8Array.of(byte), options));
  for (const outcome of await Promise.allSettled(asked)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'defect' } });
  }
});

test('a decoder ends with the program that started it, also if that is killed', async () => {
  const script = `
    import { fork } from 'node:child_process';
    const child = fork(${JSON.stringify(fileURLToPath(file))}, [], { execArgv: [], serialization: 'advanced' });
    child.on('message', () => process.kill(process.pid, 'SIGKILL'));
  `;
  // It waits for the decoder too, which holds its ends of the pipes.
  const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: 30_000 });
  expect(ended).toMatchObject({ signal: 'SIGKILL' });
  expect(ended.error).toBeUndefined();
});

test('closed, it decodes nothing more, and what was queued ends', async () => {
  const workers = pool({ decoders: 1 });
  const running = Promise.all([1, 2, 3, 4, 5].map(async (seed) => workers.decode(await jpeg(seed), options)));
  await workers.close();
  for (const outcome of await running) expect(outcome.ok ? 'taken' : outcome.code).toMatch(/taken|corrupt/);
});

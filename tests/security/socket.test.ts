import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { fakeStudio, type FakeStudio } from '../tools/fakeStudio';
import { callOver, closeCode, nextFrame, startTestHost, type TestHost } from './webHost';

let studio: FakeStudio;
let host: TestHost;
let releases: (() => void)[];
beforeEach(async () => {
  releases = [];
  studio = fakeStudio({
    'app.info': () => ({ version: 'test' }),
    'projects.recent': () => fail('project.not-found', { path: '<script>alert(1)</script>' }),
    'app.samplePreview': () => ({ pixels: new Uint8Array([0, 127, 255]) }),
    'app.doctor': () => new Promise<void>((resolve) => releases.push(resolve)),
  });
  host = await startTestHost(studio);
});
afterEach(() => host.close());

describe('calls over the socket', () => {
  test('are answered with their id; bytes stay bytes', async () => {
    const socket = await host.socketAsPage();
    expect(await callOver(socket, 'app.info', {})).toEqual({ id: 7, ok: true, result: { version: 'test' } });
    const preview = await callOver(socket, 'app.samplePreview', { count: 1 });
    expect(preview).toMatchObject({ result: { pixels: new Uint8Array([0, 127, 255]) } });
  });

  test('fail with the error’s code, facts and words, as text', async () => {
    const socket = await host.socketAsPage();
    expect(await callOver(socket, 'projects.recent', {})).toMatchObject({
      ok: false,
      error: { code: 'project.not-found', facts: { path: '<script>alert(1)</script>' } },
    });
  });

  test('are a page’s, so that host-only rows stay closed', async () => {
    const socket = await host.socketAsPage();
    await callOver(socket, 'datasets.offer', { paths: ['/etc'] });
    expect(studio.calls).toEqual([{ method: 'datasets.offer', params: { paths: ['/etc'] }, from: 'client' }]);
  });

  test('events reach every page, and none after it is gone', async () => {
    const [one, two] = [await host.socketAsPage(), await host.socketAsPage()];
    const told = Promise.all([nextFrame(one), nextFrame(two)]);
    const message = {
      event: 'job.progress',
      data: { jobId: 'j', label: 'Reading', done: 1, total: 2, secondsLeft: 3 },
    } as const;
    studio.emit(message);
    expect(await told).toEqual([message, message]);
    one.terminate();
    await closeCode(one);
    studio.emit(message);
    expect(await nextFrame(two)).toEqual(message);
  });
});

describe('hostile frames', () => {
  test.each([
    ['text', '{"id":1}', 1003],
    ['no MessagePack', new Uint8Array([0xc1]), 1007],
    ['a cut frame', encode({ id: 1, method: 'app.info', params: {} }).subarray(0, 9), 1007],
    ['no call', encode([1, 2, 3]), 1007],
    ['an id that is no number', encode({ id: '1', method: 'app.info', params: {} }), 1007],
    // {"__proto__": 1}, which the encoder would not write.
    ['__proto__ as a key', new Uint8Array([0x81, 0xa9, ...Buffer.from('__proto__'), 0x01]), 1007],
    ['an array that claims 4 billion entries', new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]), 1007],
    [
      'arrays in arrays that claim 90 billion',
      new Uint8Array(limits.callBytes).map((_, at) => (at % 3 === 0 ? 0xdc : 0xff)),
      1007,
    ],
    ['a frame of more than the cap', new Uint8Array(limits.callBytes + 1), 1009],
  ])('%s ends the connection and nothing else', async (_name, frame, code) => {
    const socket = await host.socketAsPage();
    const closed = closeCode(socket);
    socket.send(frame);
    // ws reports the oversized frame to the peer, then the peer may see the reset first.
    expect([code, 1006]).toContain(await closed);
    expect(studio.calls).toEqual([]);
    expect(await callOver(await host.socketAsPage(), 'app.info', {})).toMatchObject({ ok: true });
  });

  test('a frame at the cap is taken', async () => {
    const socket = await host.socketAsPage();
    const padding = new Uint8Array(limits.callBytes - 100);
    expect(await callOver(socket, 'app.info', { padding })).toMatchObject({ ok: true });
  });

  test('whatever value is sent, the server lives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const socket = await host.socketAsPage();
        const closed = closeCode(socket);
        socket.send(bytes);
        await closed;
      }),
      { numRuns: 50 },
    );
    expect(await callOver(await host.socketAsPage(), 'app.info', {})).toMatchObject({ ok: true });
  });

  test('a page with too many calls under way is not read until some are answered', async () => {
    const socket = await host.socketAsPage();
    // Frames of several network chunks each: what one chunk holds is parsed to its end even after the pause.
    const params = { padding: new Uint8Array(128 * 1024) };
    const sent = limits.callsUnderWay + 64;
    for (let id = 0; id < sent; id++) socket.send(encode({ id, method: 'app.doctor', params }));
    await expect.poll(() => studio.calls.length).toBeGreaterThanOrEqual(limits.callsUnderWay);
    for (let trip = 0; trip < 20; trip++) await callOver(await host.socketAsPage(), 'app.info', {});
    expect(releases.length).toBeLessThan(limits.callsUnderWay + 8);
    await expect
      .poll(() => {
        for (const release of releases) release();
        return releases.length;
      })
      .toBe(sent);
  });

  test('pages past the cap are turned away', async () => {
    const pages = await Promise.all(Array.from({ length: limits.pages }, () => host.socketAsPage()));
    expect(await closeCode(await host.socketAsPage())).toBe(1013);
    expect(await callOver(pages[0] ?? (await host.socketAsPage()), 'app.info', {})).toMatchObject({ ok: true });
  });
});

test('closing the host closes the studio once and says goodbye to pages', async () => {
  const own = fakeStudio();
  const second = await startTestHost(own);
  const socket = await second.socketAsPage();
  const closed = closeCode(socket);
  await second.close();
  expect(await closed).toBe(1001);
  expect(own.closed).toBe(1);
});

test('a port that is taken is the user’s error, and leaves no studio open', async () => {
  const own = fakeStudio();
  await expect(startTestHost(own, { port: host.port })).rejects.toMatchObject({ code: 'option.invalid' });
  expect(own.closed).toBe(1);
});

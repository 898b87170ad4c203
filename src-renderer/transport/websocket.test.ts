import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallFrame } from '#shared/contract/frames';
import type { Connection } from './client';
import { createWebSocketClient } from './websocket';

/** A socket whose other end is this test. */
class FakeSocket {
  static readonly OPEN = 1;
  static readonly made: FakeSocket[] = [];
  readyState = 0;
  binaryType = '';
  onopen: (() => void) | undefined;
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onclose: (() => void) | undefined;
  readonly sent: CallFrame[] = [];

  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }

  send(data: Uint8Array): void {
    this.sent.push(decode(data) as CallFrame);
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: new Uint8Array(encode(frame)).buffer });
  }
}

const latest = (): FakeSocket => {
  const socket = FakeSocket.made.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket;
};

const create = () =>
  createWebSocketClient({ url: 'ws://x/socket', WebSocketClass: FakeSocket as unknown as typeof WebSocket });

beforeEach(() => {
  FakeSocket.made.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('the web client', () => {
  it('sends calls made before the connection is there, and matches answers by id', async () => {
    const client = create();
    const first = client.call('projects.recent', {});
    const second = client.call('app.samplePreview', { count: 8 });
    latest().accept();
    expect(latest().sent).toMatchObject([
      { method: 'projects.recent', params: {} },
      { method: 'app.samplePreview', params: { count: 8 } },
    ]);
    latest().say({ id: 2, ok: true, result: { count: 0 } });
    latest().say({ id: 1, ok: true, result: [] });
    expect(await first).toEqual([]);
    expect(await second).toEqual({ count: 0 });
    client.close();
  });

  it('leaves undefined parameters out', () => {
    const client = create();
    latest().accept();
    void client.call('datasets.import', { projectId: 'p', source: { kind: 'sample' }, size: undefined }).catch(() => 0);
    expect(Object.keys(latest().sent[0]?.params as object)).toEqual(['projectId', 'source']);
    client.close();
  });

  it('rejects with the studio’s own error', async () => {
    const client = create();
    latest().accept();
    const call = client.call('projects.recent', {});
    latest().say({ id: 1, ok: false, error: { code: 'dataset.empty', facts: {}, message: '', hint: '' } });
    await expect(call).rejects.toMatchObject({ code: 'dataset.empty' });
    client.close();
  });

  it('tells events to those who still listen', () => {
    const client = create();
    latest().accept();
    const heard: unknown[] = [];
    const end = client.on('job.progress', (data) => heard.push(data.done));
    const event = { event: 'job.progress', data: { jobId: 'j', label: '', done: 1 } };
    latest().say(event);
    end();
    latest().say(event);
    expect(heard).toEqual([1]);
    client.close();
  });

  it('rejects calls in flight when the connection is lost, says so, and comes back with backoff', async () => {
    const client = create();
    const states: Connection[] = [];
    client.onConnection((connection) => states.push(connection));
    latest().accept();
    const inFlight = client.call('projects.recent', {});
    latest().close();
    await expect(inFlight).rejects.toMatchObject({ code: 'connection.lost' });
    await expect(client.call('projects.recent', {})).rejects.toMatchObject({ code: 'connection.lost' });

    vi.advanceTimersByTime(249);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made).toHaveLength(2);
    latest().close();
    vi.advanceTimersByTime(499);
    expect(FakeSocket.made).toHaveLength(2);
    vi.advanceTimersByTime(1);
    latest().accept();
    expect(states).toEqual([
      { state: 'connected' },
      { state: 'retrying', attempt: 1 },
      { state: 'retrying', attempt: 2 },
      { state: 'connected' },
    ]);
    client.close();
  });

  it('stays closed once closed', () => {
    create().close();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
  });
});

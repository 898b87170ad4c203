import { decode, encode } from '@msgpack/msgpack';
import type { Method, Params, Result } from '#shared/contract/api';
import { fromErrorData, GanvasError } from '#shared/contract/errors';
import type { AnswerFrame, CallFrame, ServerFrame } from '#shared/contract/frames';
import type { Client, Connection } from './client';
import { Listeners } from './listeners';
import { upload } from './upload';

/** Waits between attempts to connect again, milliseconds; the last one stays. */
const BACKOFF_MS = [250, 500, 1000, 2000, 4000] as const;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: GanvasError) => void;
}

interface Options {
  /** `ws://…/socket`. */
  readonly url: string;
  readonly WebSocketClass?: typeof WebSocket;
}

/**
 * The studio over a WebSocket. A lost connection is tried again for ever; calls under way then reject, because nobody knows whether
 * they were done, and calls meanwhile wait for the first connection only.
 */
class SocketClient {
  readonly #listeners = new Listeners();
  readonly #watchers = new Set<(connection: Connection) => void>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #options: Required<Options>;
  #connection: Connection = { state: 'retrying', attempt: 0 };
  /** Calls made before the very first connection, sent when it is there. */
  #early: Uint8Array<ArrayBuffer>[] | undefined = [];
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #nextId = 1;
  #closed = false;

  constructor(options: Options) {
    this.#options = { WebSocketClass: WebSocket, ...options };
    this.#open();
  }

  readonly on: Client['on'] = (event, listener) => this.#listeners.on(event, listener);

  readonly onConnection: Client['onConnection'] = (listener) => {
    // Before the first attempt failed there is nothing to tell.
    if (this.#early === undefined || this.#attempt > 0) listener(this.#connection);
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  };

  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const id = this.#nextId++;
    const frame = encode({ id, method, params } satisfies CallFrame, { ignoreUndefined: true });
    return new Promise<Result<M>>((resolve, reject) => {
      if (this.#socket?.readyState === this.#options.WebSocketClass.OPEN) this.#socket.send(frame);
      else if (this.#early) this.#early.push(frame);
      else return reject(new GanvasError('connection.lost'));
      // The studio answers each call with that call's own result type.
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
    this.#rejectAll();
  }

  #open(): void {
    const socket = new this.#options.WebSocketClass(this.#options.url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#attempt = 0;
      this.#setConnection({ state: 'connected' });
      for (const frame of this.#early ?? []) socket.send(frame);
      this.#early = undefined;
    };
    socket.onmessage = ({ data }) => {
      // Trusted as typed: it comes from the page's own server, and nothing of it is ever run or shown as markup.
      if (data instanceof ArrayBuffer) this.#receive(decode(data) as ServerFrame);
    };
    // An error is always followed by a close.
    socket.onclose = () => this.#lost();
  }

  #receive(frame: ServerFrame): void {
    if ('event' in frame) this.#listeners.tell(frame);
    else this.#answer(frame);
  }

  #answer(frame: AnswerFrame): void {
    const waiting = this.#waiting.get(frame.id);
    this.#waiting.delete(frame.id);
    if (frame.ok) waiting?.resolve(frame.result);
    else waiting?.reject(fromErrorData(frame.error));
  }

  #lost(): void {
    if (this.#closed) return;
    this.#attempt++;
    this.#early = undefined;
    this.#rejectAll();
    this.#setConnection({ state: 'retrying', attempt: this.#attempt });
    const wait = BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length) - 1] ?? 0;
    this.#retry = setTimeout(() => this.#open(), wait);
  }

  #rejectAll(): void {
    for (const { reject } of this.#waiting.values()) reject(new GanvasError('connection.lost'));
    this.#waiting.clear();
  }

  #setConnection(connection: Connection): void {
    this.#connection = connection;
    for (const watcher of this.#watchers) watcher(connection);
  }
}

/** The studio in a browser: calls over the WebSocket, files over HTTP. */
export function createWebSocketClient(options: Options): Client {
  const socket = new SocketClient(options);
  return {
    host: 'web',
    call: (method, params) => socket.call(method, params),
    on: socket.on,
    onConnection: socket.onConnection,
    offerFiles: upload,
    save: async ({ exportId, fileName }) => {
      download(`/exports/${exportId}`, fileName);
      return { saved: true };
    },
    close: () => socket.close(),
  };
}

function download(href: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = fileName;
  link.click();
}

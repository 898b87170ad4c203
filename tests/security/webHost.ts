import { decode, encode } from '@msgpack/msgpack';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { AnswerFrame, ServerFrame } from '#shared/contract/frames';
import { serve, type ServeOptions } from '../../src-main/hosts/web/serve';
import type { Studio } from '../../src-main/studio/studio';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A web host over a studio, with a page of two files, and attackers' tools: headers and paths go out as they are written. */
export interface TestHost {
  readonly port: number;
  readonly origin: string;
  readonly token: string;
  readonly home: string;
  /** `Cookie` header of a page that was let in. */
  readonly cookie: string;
  /** Sends a request as it stands: no path is made tidy, no header added but Host. */
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** As {@link ask}, from the program's own page. */
  askAsPage(path: string, asked?: Asked): Promise<Answer>;
  /** Writes bytes to the port and reads until the server hangs up. */
  raw(text: string): Promise<string>;
  /** Opens a socket with these headers; rejects with the status of a refusal. */
  socket(headers: Readonly<Record<string, string>>): Promise<WebSocket>;
  socketAsPage(): Promise<WebSocket>;
  close(): Promise<void>;
}

export const SECRET = 'a file beside the page';

export async function startTestHost(studio: Studio, options: Partial<ServeOptions> = {}): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'ganvas-web-'));
  const [page, home] = [join(folder, 'page'), join(folder, 'home')];
  await mkdir(join(page, 'assets'), { recursive: true });
  await mkdir(join(folder, 'page-secret'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Ganvas</title>');
  await writeFile(join(page, 'assets', 'index-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), SECRET);
  await writeFile(join(folder, 'page-secret', 'secret.txt'), SECRET);

  const host = await serve({ studio, port: 0, open: false, home, page, ...options });
  const url = new URL(host.url);
  const [origin, port] = [url.origin, Number(url.port)];
  const ask: TestHost['ask'] = (path, asked = {}) => send(port, path, asked);
  const entered = await ask(url.pathname + url.search);
  const cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const socket: TestHost['socket'] = (headers) => openSocket(`ws://127.0.0.1:${port}/socket`, headers);

  return {
    port,
    origin,
    home,
    cookie,
    token: url.searchParams.get('token') ?? '',
    ask,
    askAsPage: (path, asked = {}) => ask(path, { ...asked, headers: { origin, cookie, ...asked.headers } }),
    raw: (text) => sendRaw(port, text),
    socket,
    socketAsPage: () => socket({ origin, cookie }),
    async close() {
      await host.close();
      await rm(folder, { recursive: true });
    },
  };
}

function send(port: number, path: string, { method = 'GET', headers = {}, body }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

function openSocket(url: string, headers: Readonly<Record<string, string>>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      reject(new Error(`refused with ${response.statusCode}`));
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

/** The next frame of the server. */
export function nextFrame(socket: WebSocket): Promise<ServerFrame> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(decode(new Uint8Array(data)) as ServerFrame));
  });
}

/** Calls over a socket and waits for the next frame, its answer. */
export async function callOver(socket: WebSocket, method: string, params: unknown): Promise<AnswerFrame> {
  const answer = nextFrame(socket);
  socket.send(encode({ id: 7, method, params }));
  const frame = await answer;
  if ('event' in frame) throw new Error('An event came before the answer.');
  return frame;
}

/** The code with which the server closes a socket. */
export function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve));
}

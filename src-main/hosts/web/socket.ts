import { decode } from '@msgpack/msgpack';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Method } from '#shared/contract/api';
import { toErrorData } from '#shared/contract/errors';
import type { AnswerFrame, CallFrame } from '#shared/contract/frames';
import { limits } from '#shared/contract/limits';
import type { Studio } from '../../studio/studio';
import { isFrameWhole } from './frameSize';
import { Outbox } from './outbox';

/** Close codes of RFC 6455, section 7.4.1. */
const NOT_ACCEPTABLE = 1003;
const NOT_READABLE = 1007;
const TRY_LATER = 1013;
const GOING_AWAY = 1001;

/** How a page's call is answered. */
export type Answer = (method: Method, params: unknown) => Promise<unknown>;

/** The WebSocket server without a port of its own: the http server hands it the upgrades that it let through. */
export function createSockets(answer: Answer, onEvent: Studio['onEvent']): WebSocketServer {
  // An oversized frame is refused by its header, before its bytes are kept; no compression: pictures do not shrink.
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.callBytes, perMessageDeflate: false });
  server.on('connection', (socket) => {
    if (server.clients.size > limits.pages) return socket.close(TRY_LATER);
    attend(socket, answer, onEvent);
  });
  return server;
}

/** Says goodbye to all pages. */
export function closeSockets(server: WebSocketServer): void {
  for (const socket of server.clients) socket.close(GOING_AWAY);
  server.close();
}

function attend(socket: WebSocket, answer: Answer, onEvent: Studio['onEvent']): void {
  const outbox = new Outbox({
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (bytes, sent) => socket.send(bytes, () => sent()),
  });
  const stopEvents = onEvent((message) => outbox.event(message));
  let underWay = 0;
  /** Backpressure: a page that asks faster than it is answered, or than it reads, is not listened to for a while. */
  const regulate = (): void => {
    if (underWay >= limits.callsUnderWay || outbox.full) socket.pause();
    else if (socket.isPaused) socket.resume();
  };

  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return socket.close(NOT_ACCEPTABLE);
    const frame = readCall(data);
    if (!frame) return socket.close(NOT_READABLE);
    underWay++;
    regulate();
    void settle(frame, answer).then((answered) => {
      underWay--;
      outbox.answer(answered, regulate);
      regulate();
    });
  });
  socket.on('close', stopEvents);
  // A broken connection or an oversized frame; `close` follows.
  socket.on('error', () => socket.terminate());
}

/** A client's frame; undefined when it is none. Its method and parameters are the contract's to judge. */
function readCall(data: Uint8Array): CallFrame | undefined {
  try {
    if (!isFrameWhole(data)) return undefined;
    const frame: unknown = decode(data);
    if (typeof frame !== 'object' || frame === null) return undefined;
    const { id, method, params } = frame as Partial<Record<string, unknown>>;
    return typeof id === 'number' && typeof method === 'string' ? { id, method, params } : undefined;
  } catch {
    return undefined;
  }
}

async function settle({ id, method, params }: CallFrame, answer: Answer): Promise<AnswerFrame> {
  try {
    // A name that is no method is refused by the studio, which checks it before anything else.
    return { id, ok: true, result: await answer(method as Method, params) };
  } catch (error) {
    return { id, ok: false, error: toErrorData(error) };
  }
}

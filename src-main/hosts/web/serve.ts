import { getRequestListener } from '@hono/node-server';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { fail } from '#shared/contract/errors';
import { openPageFiles } from '../../store/pageFiles';
import type { UploadCaps } from '../../store/staging';
import type { Studio } from '../../studio/studio';
import { createUploads } from '../page/uploads';
import { homeFolder, version } from '../program';
import { createApp } from './app';
import { openInBrowser } from './browser';
import { isRequestAllowed, ownHosts } from './guard';
import { createSession, type Session } from './session';
import { closeSockets, createSockets } from './socket';

export interface ServeOptions {
  /** The studio that is served; closed with the server. Made when it is left out. */
  readonly studio?: Studio;
  /** 0: any free port. */
  readonly port: number;
  /** Whether to open the page in the user's browser, where there is one. */
  readonly open: boolean;
  /** Address to bind, and the one name that browsers may use. Anything but this machine's own is for a user's own TLS in front. */
  readonly host?: string;
  /** The program's own folder. */
  readonly home?: string;
  /** Folder of the built page. */
  readonly page?: string;
  readonly uploadCaps?: UploadCaps;
}

export interface WebHost {
  /** With the token that opens it. */
  readonly url: string;
  /** Stops a run at a checkpoint, says goodbye to the pages and gives the port back. */
  close(): Promise<void>;
}

/** Serves the studio to browsers. `option.invalid` when the port cannot be had. */
export async function serve(options: ServeOptions): Promise<WebHost> {
  const { port, open, host = '127.0.0.1', home = homeFolder(), uploadCaps } = options;
  const files = await openPageFiles(options.page ?? join(import.meta.dirname, '../renderer'));
  const studio = options.studio ?? (await ownStudio(home));
  const uploads = await createUploads(studio, home, uploadCaps);
  const closeStudio = (): Promise<void> => studio.close().finally(() => uploads.close());
  const server = createServer();
  const bound = await listen(server, port, host).catch(async (error: unknown) => {
    await closeStudio();
    throw error;
  });
  const session = createSession(bound);
  const names = ownHosts(host, bound);

  const app = createApp({ session, ownHosts: names, files, uploads, studio });
  const sockets = createSockets(uploads.call, studio.onEvent);
  server.on('request', getRequestListener(app.fetch));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    upgrade({ request, socket, head, sockets, session, names }),
  );

  const url = `http://${names[0] ?? host}/?token=${session.token}`;
  if (open) openInBrowser(url);
  return {
    url,
    async close() {
      closeSockets(sockets);
      server.close();
      server.closeAllConnections();
      await closeStudio();
    },
  };
}

/** Loaded when it is wanted alone: the engines behind it take their time. */
async function ownStudio(home: string): Promise<Studio> {
  const { createStudio } = await import('../../studio/studio');
  return createStudio({ home, host: 'web', version });
}

/** Binds the port and returns its number. */
async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    return fail('option.invalid', { option: '--port', value: port, problem: whyNoPort(error) });
  }
}

function whyNoPort(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'another program uses it';
  if (code === 'EACCES') return 'the system keeps it for itself';
  return message;
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly sockets: WebSocketServer;
  readonly session: Session;
  readonly names: readonly string[];
}

/** Lets a WebSocket through for the program's own page alone: browsers do not keep other pages from opening one. */
function upgrade({ request, socket, head, sockets, session, names }: Upgrade): void {
  socket.on('error', () => socket.destroy());
  const { method = 'GET', url, headers } = request;
  const { host, origin, cookie } = headers;
  if (!isRequestAllowed({ method, host, origin, upgrade: true, ownHosts: names }))
    return refuse(socket, '403 Forbidden');
  if (!session.isKnown(cookie)) return refuse(socket, '401 Unauthorized');
  if (url !== '/socket') return refuse(socket, '404 Not Found');
  sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { toErrorData, type ErrorCode } from '#shared/contract/errors';
import type { PageFiles } from '../../store/pageFiles';
import type { Studio } from '../../studio/studio';
import { answerPageFile, plainText } from '../page/answer';
import { securityHeaders } from '../page/headers';
import type { Uploads } from '../page/uploads';
import { isRequestAllowed } from './guard';
import type { Session } from './session';

export interface AppParts {
  readonly session: Session;
  readonly ownHosts: readonly string[];
  readonly files: PageFiles;
  readonly uploads: Uploads;
  readonly studio: Pick<Studio, 'call'>;
}

/** What the web host answers over plain http: the page's files, uploads and downloads, to its own page alone. */
export function createApp({ session, ownHosts, files, uploads, studio }: AppParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use(async (context, next) => {
    const { method, url } = context.req;
    const [host, origin] = [context.req.header('host'), context.req.header('origin')];
    if (!isRequestAllowed({ method, host, origin, upgrade: false, ownHosts })) {
      return refuse(403, 'This address is not the one that Ganvas printed.');
    }
    const { pathname, searchParams } = new URL(url);
    if (method === 'GET' && pathname === '/' && session.isToken(searchParams.get('token') ?? undefined)) {
      return new Response(null, {
        status: 303,
        headers: { ...plainText, Location: '/', 'Set-Cookie': session.setCookie },
      });
    }
    if (!session.isKnown(context.req.header('cookie'))) return refuse(401, LOCKED);
    await next();
  });

  app.post('/uploads', () => answered(uploads.open()));
  app.post('/uploads/:id/files', (context) =>
    answered(uploads.add(context.req.param('id'), context.req.query('name') ?? '', context.env.incoming)),
  );
  app.post('/uploads/:id/batch', (context) =>
    answered(uploads.addBatch(context.req.param('id'), context.env.incoming)),
  );
  app.get('/exports/:id', async (context) => {
    try {
      const { fileName, mime, bytes } = await studio.call('export.take', { exportId: context.req.param('id') }, 'host');
      return new Response(Uint8Array.from(bytes), { headers: downloadHeaders(fileName, mime) });
    } catch (error) {
      const { code, message, hint } = toErrorData(error);
      return refuse(statusOf(code), `${message} ${hint}`);
    }
  });
  app.get('*', (context) => answerPageFile(files, new URL(context.req.url).pathname));
  app.notFound(() => refuse(404, 'There is nothing here.'));
  app.onError((error) => answerError(error));
  return app;
}

const LOCKED =
  'Open Ganvas with the whole link that it printed at its start, with the token. If you came by a link from another page, reload this one.';

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: plainText });
}

async function answered(work: Promise<unknown>): Promise<Response> {
  try {
    return json((await work) ?? {}, 200);
  } catch (error) {
    return answerError(error);
  }
}

function answerError(error: unknown): Response {
  const data = toErrorData(error);
  return json({ error: data }, statusOf(data.code));
}

function json(body: unknown, status: number): Response {
  return Response.json(body, { status, headers: { ...securityHeaders, 'Cache-Control': 'no-store' } });
}

function statusOf(code: ErrorCode): number {
  switch (code) {
    case 'upload.unknown':
    case 'export.unknown':
      return 404;
    case 'upload.too-large':
    case 'dataset.too-many-files':
      return 413;
    case 'disk.full':
      return 507;
    case 'disk.failed':
    case 'defect':
      return 500;
    default:
      return 400;
  }
}

/** The name goes twice: in plain ASCII for old readers, and whole by RFC 8187 (through UTF-8, which lone surrogates do not survive). */
export function downloadHeaders(fileName: string, mime: string): Record<string, string> {
  const ascii = fileName.replace(/[^\w .()-]/g, '_');
  const whole = encodeURIComponent(Buffer.from(fileName).toString()).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  );
  return {
    ...securityHeaders,
    'Content-Type': mime,
    'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${whole}`,
    'Cache-Control': 'no-store',
  };
}

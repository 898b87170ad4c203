import type { PageFiles } from '../../store/pageFiles';
import { cacheControl, securityHeaders } from './headers';
import { contentType, pagePath } from './pagePath';

/** The answer to a request for one of the page's files, in both hosts: 200 with its type and caching, else 404. */
export async function answerPageFile(files: PageFiles, pathname: string): Promise<Response> {
  const name = pagePath(pathname);
  const bytes = name === undefined ? undefined : await files.read(name);
  if (name === undefined || bytes === undefined) {
    return new Response('There is no such file.', { status: 404, headers: plainText });
  }
  return new Response(Uint8Array.from(bytes), {
    headers: { ...securityHeaders, 'Content-Type': contentType(name), 'Cache-Control': cacheControl(name) },
  });
}

/** Headers of a refusal: never kept, never taken for a page. */
export const plainText: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
};

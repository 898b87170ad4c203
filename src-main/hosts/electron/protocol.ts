import { protocol } from 'electron';
import type { PageFiles } from '../../store/pageFiles';
import { answerPageFile, plainText } from '../page/answer';
import { isSamePlace, PAGE_SCHEME, PAGE_URL } from './guards';

/** Must run before the app is ready. Standard and secure: relative URLs, a real origin, crypto and fetch as on https. */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: PAGE_SCHEME, privileges }]);
}

/** Serves the page's files, with the page's policy, to GET alone. */
export function servePage(files: PageFiles): void {
  protocol.handle(PAGE_SCHEME, async ({ method, url }) => {
    if (method !== 'GET' || !isSamePlace(url, PAGE_URL)) return new Response(null, { status: 403, headers: plainText });
    return answerPageFile(files, new URL(url).pathname);
  });
}

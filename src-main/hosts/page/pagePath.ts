const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

/** The Content-Type of a page's file by its name's end; bytes of a kind that no page uses are never run or shown. */
export function contentType(name: string): string {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(types, ending) && types[ending]) || 'application/octet-stream';
}

/**
 * The page's file that a URL's path asks for, decoded once: `/` is the page itself. Undefined when it cannot be a name
 * at all. Whether the file exists is decided by the list of files read at start, so `..` and its kin name nothing.
 */
export function pagePath(pathname: string): string | undefined {
  try {
    const name = decodeURIComponent(pathname);
    return name === '/' ? '/index.html' : name;
  } catch {
    return undefined;
  }
}

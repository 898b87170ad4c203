import { timingSafeEqual } from 'node:crypto';

/** What of a request decides whether it comes from the program's own page. */
export interface RequestFacts {
  readonly method: string;
  /** `Host` header: the name that the browser believes it talks to. */
  readonly host: string | undefined;
  /** `Origin` header: the page that asks. Browsers send it with every non-GET and every WebSocket. */
  readonly origin: string | undefined;
  readonly upgrade: boolean;
  /** Names, with port, that the server answers to. */
  readonly ownHosts: readonly string[];
}

/**
 * Refuses what another page made the browser send: a rebound DNS name shows in `Host`, a forged form, fetch or
 * WebSocket in `Origin`. A missing `Origin` is taken on GET alone, where browsers send none.
 */
export function isRequestAllowed({ method, host, origin, upgrade, ownHosts }: RequestFacts): boolean {
  if (host === undefined || !ownHosts.includes(host.toLowerCase())) return false;
  if (origin === undefined) return !upgrade && (method === 'GET' || method === 'HEAD');
  return origin === `http://${host}` || origin === `https://${host}`;
}

/**
 * The exact `Host` headers of a server bound to `address`, in lower case; browsers leave a default port out. A name
 * other than this machine's own also goes without port: that of the user's own TLS in front, on 443.
 */
export function ownHosts(address: string, port: number): readonly string[] {
  const name = (address.includes(':') ? `[${address}]` : address).toLowerCase();
  if (address !== '127.0.0.1') return [`${name}:${port}`, name];
  return [name, 'localhost'].flatMap((own) => (port === 80 ? [`${own}:80`, own] : [`${own}:${port}`]));
}

/** Compares a secret without telling by the time taken how much of it was right. */
export function isSameSecret(given: string | undefined, secret: string): boolean {
  if (given === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The value of one cookie of a `Cookie` header; the first wins, as in browsers' own order. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, ...value] = pair.split('=');
    if (key?.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

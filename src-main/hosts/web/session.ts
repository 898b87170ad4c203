import { randomBytes } from 'node:crypto';
import { cookieValue, isSameSecret } from './guard';

/** Who may use this server: whoever was shown the URL in the terminal, from then on by a cookie. */
export interface Session {
  /** The secret of the printed URL. */
  readonly token: string;
  isToken(given: string | undefined): boolean;
  /** Whether a `Cookie` header carries this server's cookie. */
  isKnown(cookieHeader: string | undefined): boolean;
  /** `Set-Cookie` of the exchange. */
  readonly setCookie: string;
}

/** A session for one start of the server. Cookies do not tell ports apart, so the port is in the cookie's name. */
export function createSession(port: number): Session {
  const token = randomBytes(32).toString('base64url');
  // Not the token itself: what a browser keeps in its history is not what it sends with each request.
  const secret = randomBytes(32).toString('base64url');
  const name = `ganvas-${port}`;
  return {
    token,
    isToken: (given) => isSameSecret(given, token),
    isKnown: (header) => isSameSecret(cookieValue(header, name), secret),
    setCookie: `${name}=${secret}; Path=/; HttpOnly; SameSite=Strict`,
  };
}

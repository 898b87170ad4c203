/**
 * What both windows on the studio, the desktop's `app://` and the web host's http, send with the page. Scripts and
 * styles come from the page's own files alone; markup is made by Svelte's compiled templates alone (its Trusted Types policy).
 */
const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' blob: data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `worker-src 'self'`,
  `manifest-src 'self'`,
  `require-trusted-types-for 'script'`,
  `trusted-types svelte-trusted-html`,
  `frame-ancestors 'none'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

/** Sent with every answer, errors too. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
  'X-Frame-Options': 'DENY',
};

/** Files under assets/ carry a hash of their content in their name, so they never change; all else is asked for anew. */
export function cacheControl(name: string): string {
  return name.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
}

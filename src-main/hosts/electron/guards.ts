/** The page's own place. A scheme of its own, not file://, whose pages could read each other and the disk. */
export const PAGE_SCHEME = 'app';
export const PAGE_URL = `${PAGE_SCHEME}://ganvas/`;

/** All that the program ever opens in the user's browser. */
export const links = {
  gan: 'https://arxiv.org/abs/1406.2661',
  dcgan: 'https://arxiv.org/abs/1511.06434',
} as const;

/** Whether a URL lies at the page's own scheme, host and port. `URL.origin` is no help: it is `null` for a scheme of one's own. */
export function isSamePlace(url: string, pageUrl: string): boolean {
  try {
    const [one, other] = [new URL(url), new URL(pageUrl)];
    return one.protocol === other.protocol && one.host === other.host;
  } catch {
    return false;
  }
}

/** The page stays where it is; it may only be loaded again. */
export function isNavigationAllowed(url: string, pageUrl: string): boolean {
  return url === pageUrl;
}

/** A URL that the page wants opened, if it is one of the program's own links. */
export function externalLink(url: string): string | undefined {
  return Object.values(links).find((link) => link === url);
}

/** Copying an error's details to the clipboard asks for this; cameras, places, devices and the rest are never used. */
export function isPermissionAllowed(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** Who sent a message: the frame's URL, undefined when the frame is gone, and whether it is our window's main frame. */
export interface Sender {
  readonly url: string | undefined;
  readonly isOwnMainFrame: boolean;
}

/** A message counts when it comes from our window's main frame, and that frame shows the page. */
export function isSenderTrusted({ url, isOwnMainFrame }: Sender, pageUrl: string): boolean {
  return isOwnMainFrame && url !== undefined && isSamePlace(url, pageUrl);
}

import type { DesktopBridge } from '#shared/contract/bridge';
import type { Client } from './client';
import { createElectronClient } from './electron';
import { createWebSocketClient } from './websocket';

declare global {
  interface Window {
    /** Put there by the desktop window's preload. */
    readonly ganvas?: DesktopBridge<File>;
  }
}

/** The client for where this page runs. */
export function connect(): Client {
  if (window.ganvas) return createElectronClient(window.ganvas);
  const { protocol, host } = window.location;
  return createWebSocketClient({ url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/socket` });
}

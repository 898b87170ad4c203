import { shell, type MenuItemConstructorOptions } from 'electron';
import { links } from './guards';

/** The program's menu: the system's own items, by role, and two papers to read. */
export function menuTemplate(platform: NodeJS.Platform, packaged: boolean): MenuItemConstructorOptions[] {
  const paper = (label: string, link: string): MenuItemConstructorOptions => ({
    label,
    click: () => void shell.openExternal(link),
  });
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { label: 'File', submenu: [platform === 'darwin' ? { role: 'close' } : { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'reload' },
        ...(packaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        paper('Generative adversarial networks (Goodfellow et al., 2014)', links.gan),
        paper('DCGAN (Radford et al., 2015)', links.dcgan),
      ],
    },
  ];
}

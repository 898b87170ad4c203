import { homedir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

/** The program's version, one for every host. */
export const version: string = packageJson.version;

/** The program's own folder, the same for every host, so that what one makes the others find. `GANVAS_HOME` moves it. */
export function homeFolder(): string {
  return process.env.GANVAS_HOME ?? join(homedir(), 'Ganvas');
}

import { once } from 'node:events';
import { Command } from 'commander';
import { integer } from '../options';
import { printResult } from '../report';

interface Options {
  readonly port: number;
  readonly host?: string;
  readonly open: boolean;
  readonly json?: boolean;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the studio to a browser on this machine')
    .option('--port <number>', '0: any free one', integer(0, 65_535), 0)
    .option('--host <address>', 'to bind; anything but this machine’s own needs your own TLS in front')
    .option('--no-open', 'do not open the browser')
    .action(async ({ port, host, open, json }: Options) => {
      // Loaded when it is wanted: the other commands need no web server.
      const { serve } = await import('../../web/serve');
      const server = await serve({ port, open, ...(host !== undefined && { host }) });
      // Listened for before the address is told: who reads it may stop the server at once.
      const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      printResult(json, { url: server.url }, `Ganvas: ${server.url}`);
      await stopped;
      // A second signal waits for the same checkpoint as the first.
      const wait = () => process.stderr.write('Saving …\n');
      process.on('SIGINT', wait).on('SIGTERM', wait);
      await server.close();
    });
}

import { parseArgs } from 'node:util';
import { toErrorData } from '#shared/contract/errors';
import { disableTelemetry } from '../../engine/telemetry';
import { serve, type ServeOptions } from './serve';

/** `web.js [--port N] [--host ADDRESS] [--no-open]`: serves the studio until it is told to stop. */
async function main(): Promise<void> {
  disableTelemetry();
  const { values } = parseArgs({
    options: { port: { type: 'string' }, host: { type: 'string' }, 'no-open': { type: 'boolean' } },
  });
  const options: ServeOptions = {
    port: Number(values.port ?? 0),
    open: !values['no-open'],
    ...(values.host !== undefined && { host: values.host }),
  };
  const host = await serve(options);
  console.log(`Ganvas: ${host.url}`);
  let closing: Promise<void> | undefined;
  // A second signal waits for the same checkpoint as the first.
  const stop = (): void => {
    console.log('Ganvas: saving and closing');
    closing ??= host.close().then(
      () => process.exit(0),
      (error: unknown) => quit(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function quit(error: unknown): never {
  const { code, message, hint } = toErrorData(error);
  console.error(`${message}\n${hint}`);
  process.exit(code === 'defect' ? 2 : 1);
}

await main().catch(quit);

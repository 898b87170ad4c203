import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { ensureBuilt } from '../../../src-main/hosts/launch/build.mjs';
import { desktopDecoders } from '../../../src-main/hosts/electron/desktopDecoders';
import { openPool } from '../../../src-main/store/decode/pool';
import { colourful } from '../../../src-main/store/testing/pictures';
import { started } from './double/utilityProcess.mjs';

// The built decoder in a double of Electron's utility process; Electron's own is for a machine with its binary.
vi.mock('electron', () => import('./double/utilityProcess.mjs'));
beforeAll(() => ensureBuilt());

const options = { size: 32, channels: 3 } as const;
const jpeg = async (seed: number) => Uint8Array.from(await colourful(seed).jpeg().toBuffer());

function pool(platform: NodeJS.Platform) {
  const file = new URL('../../../out/main/decode.js', import.meta.url);
  const workers = openPool({ file, kind: desktopDecoders(platform), decoders: 1 });
  onTestFinished(() => workers.close());
  return workers;
}

test.each(['darwin', 'win32'] as const)('on %s pictures are decoded in a utility process', async (platform) => {
  started.length = 0;
  const workers = pool(platform);
  expect(await workers.decode(await jpeg(1), options)).toMatchObject({ ok: true, format: 'JPEG' });
  expect(started).toMatchObject([{ serviceName: 'Ganvas picture decoder' }]);

  // Large enough to be at work still when its decoder is killed.
  const large = Uint8Array.from(await colourful(2, 4000, 4000).jpeg().toBuffer());
  const small = await jpeg(3);
  const lost = Promise.all([workers.decode(large, options), workers.decode(small, options)]);
  started[0]?.forked.kill('SIGKILL');
  expect(await lost).toMatchObject([{ ok: false, code: 'corrupt' }, { ok: true }]);
  expect(started).toHaveLength(2);
});

test('on Linux in a thread with sharp’s WebAssembly build', async () => {
  started.length = 0;
  expect(await pool('linux').decode(await jpeg(1), options)).toMatchObject({ ok: true });
  expect(started).toEqual([]);
});

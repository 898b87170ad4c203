import { expect, test, vi } from 'vitest';
import { detailed } from '../../testing/jpegs';
import { decodePicture } from '../decodePicture';
import { plainJpeg } from './plainJpeg';

// To a processor that cannot compute four numbers at once, the kernel is no program.
vi.mock('./kernelCode', () => ({ kernelCode: 'AGFzbQEAAAD/' }));

test('a processor that cannot run the kernel leaves every picture to sharp', async () => {
  const bytes = await (await detailed(1, 120, 100)).jpeg().toBuffer();
  expect(plainJpeg(bytes, { size: 16, channels: 3 })).toBeUndefined();
  expect(await decodePicture(bytes, { size: 16, channels: 3 })).toMatchObject({ ok: true, width: 120, height: 100 });
});

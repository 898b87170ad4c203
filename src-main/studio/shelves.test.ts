import { describe, expect, it } from 'vitest';
import { limits } from '#shared/contract/limits';
import { ExportShelf } from './exportShelf';
import { Offers } from './offers';

const finished = (bytes: number) => ({ fileName: 'a.png', mime: 'image/png', bytes: new Uint8Array(bytes) });
const gone = expect.objectContaining({ code: 'export.unknown' });

describe('exports that wait', () => {
  it('can be taken more than once, and tell their size', () => {
    const shelf = new ExportShelf();
    const ready = shelf.put(finished(3));
    expect(ready).toMatchObject({ fileName: 'a.png', mime: 'image/png', bytes: 3 });
    expect(shelf.get(ready.exportId).bytes).toHaveLength(3);
    expect(shelf.get(ready.exportId).bytes).toHaveLength(3);
  });

  it('go after a while', () => {
    let now = 0;
    const shelf = new ExportShelf(() => now);
    const { exportId } = shelf.put(finished(1));
    now = limits.exportWaitMs - 1;
    shelf.get(exportId);
    now = limits.exportWaitMs;
    expect(() => shelf.get(exportId)).toThrow(gone);
  });

  it('give way, the oldest first, when there are too many', () => {
    const shelf = new ExportShelf();
    const ids = Array.from({ length: limits.exportsWaiting + 1 }, () => shelf.put(finished(1)).exportId);
    expect(() => shelf.get(ids[0] ?? '')).toThrow(gone);
    expect(shelf.get(ids[1] ?? '').bytes).toHaveLength(1);
  });

  it('give way when they are too large together, but never the newest', () => {
    const shelf = new ExportShelf();
    const small = shelf.put(finished(1)).exportId;
    const large = { ...finished(0), bytes: { length: limits.exportsWaitingBytes } as Uint8Array };
    const { exportId } = shelf.put(large);
    expect(() => shelf.get(small)).toThrow(gone);
    expect(shelf.get(exportId).bytes).toHaveLength(limits.exportsWaitingBytes);
  });
});

describe('offers', () => {
  it('are known by an id alone, and the oldest gives way', () => {
    const offers = new Offers();
    const first = offers.add(['/a'], ['/own']);
    expect(offers.sources(first)).toEqual([
      { kind: 'path', path: '/a', adopt: false },
      { kind: 'path', path: '/own', adopt: true },
    ]);
    for (let count = 0; count < limits.offersWaiting; count++) offers.add(['/b']);
    expect(() => offers.sources(first)).toThrow(expect.objectContaining({ code: 'dataset.source-unknown' }));
  });
});

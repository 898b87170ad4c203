import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { inThread } from '../decode/pictureWorkers';
import { temporaryFolder } from '../testing/temporaryFolder';
import { writeCuration } from './curationFile';
import { applyPatch, emptyCuration, type Patch } from './curationState';
import { readCurationSummary } from './curationSummary';
import { importPictures } from './import';
import { openTrainingPack } from './trainingPack';

const patches: Readonly<Record<string, Patch>> = {
  nothing: {},
  'which classes are shown more often': { weights: [['a', 3]] },
  'that classes are balanced': { settings: [['balanced', true]] },
  'a class of none': { weights: [['a', 0]] },
  'the name of a class': { classNames: [['a', 'c']] },
};

test('a curation names the pictures as a run that reads them does, whatever was decided', async () => {
  const dir = await temporaryFolder();
  for (const [name, count] of [
    ['a', 2],
    ['b', 4],
  ] as const) {
    await mkdir(join(dir, 'grey', name), { recursive: true });
    for (let number = 0; number < count; number++) {
      const level = (name === 'a' ? 10 : 130) + 20 * number;
      const background = { r: level, g: level, b: level };
      const picture = sharp({ create: { width: 16, height: 16, channels: 3, background } });
      await writeFile(join(dir, 'grey', name, `${number}.png`), await picture.png().toBuffer());
    }
  }
  const sources = [{ kind: 'path', path: join(dir, 'grey') }] as const;
  const { summary } = await importPictures({ dir }, sources, { size: 16, channels: 1 }, inThread);
  const seen = new Map<string, string>();
  for (const [what, patch] of Object.entries(patches)) {
    const { curation } = applyPatch(emptyCuration, patch) ?? { curation: emptyCuration };
    await writeCuration({ dir }, { revision: 1, curation, undo: [], redo: [] });
    const pack = await openTrainingPack({ dir });
    await pack.close();
    const { hash, trained } = await readCurationSummary({ dir }, summary);
    expect([what, hash, trained]).toEqual([what, pack.hash, pack.count]);
    expect([what, seen.get(hash)]).toEqual([what, undefined]);
    seen.set(hash, what);
  }
});

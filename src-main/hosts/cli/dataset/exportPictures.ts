import { join, resolve } from 'node:path';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { exportedName } from '../../../store/dataset/exportPictures';
import { encodePngPicture } from '../../../store/pictures/png';
import { writeUserFile } from '../../../store/userFile';
import { refuseTaken } from '../refuseTaken';
import { idOf, missing, type Call, type Said } from './call';
import { firstOf, picturesOf } from './selection';

interface Exported {
  readonly file: string;
  readonly index: number;
  readonly id: string;
  readonly class: string | undefined;
}

/** Writes pictures as training sees them, a PNG each, named by its number: for other programs, such as metrics on what was held out. */
export async function exportPictures(call: Call): Promise<Said> {
  const { out = missing('--out', 'give the folder that they are written to'), force, limit } = call.options;
  const folder = resolve(out);
  const found = picturesOf(call);
  const files: Exported[] = [];
  for (const { index, id, class: of } of await firstOf(found, limit ?? limits.datasetPictures)) {
    files.push({ file: join(folder, exportedName(index)), index, id, class: of });
  }
  if (files.length === 0) fail('dataset.none-selected');
  await refuseTaken(
    files.map(({ file }) => file),
    force,
  );
  for (let from = 0; from < files.length; from += limits.thumbnails) {
    await writeSome(call, files.slice(from, from + limits.thumbnails));
  }
  return {
    result: { folder, pictures: files },
    words: `${files.length} ${files.length === 1 ? 'picture' : 'pictures'} in ${folder}`,
  };
}

/** No more than one call answers. */
async function writeSome(call: Call, files: readonly Exported[]): Promise<void> {
  const indices = files.map(({ index }) => index);
  const batch = await call.studio.call('curation.thumbnails', { projectId: idOf(call), indices }, 'host');
  const bytes = batch.width * batch.height * batch.channels;
  for (const [place, { file }] of files.entries()) {
    const pixels = batch.pixels.subarray(place * bytes, (place + 1) * bytes);
    await writeUserFile(file, await encodePngPicture({ ...batch, count: 1, pixels }));
  }
}

import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureBatch, PictureDetail } from '#shared/contract/types';
import { AugmentationSettings } from '#shared/recipe/augmentation';
import { encodePng } from '../../../store/pictures/encode';
import { writeUserFile } from '../../../store/userFile';
import { refuseOtherFormat } from '../refuseOtherFormat';
import { refuseTaken } from '../refuseTaken';
import { plain } from '../report';
import { idOf, missing, type Call, type Said } from './call';
import { asksForFit, fitAsked, formatAsked } from './crop';
import { firstOf, picturesOf } from './selection';

const VARIANTS = 8;

/** Draws one picture as training would see it; without a word about how, as it sees it now. */
export async function preview(call: Call): Promise<Said> {
  const out = await freeFile(call);
  const picture = await onlyPicture(call);
  const fit = asksForFit(call.options) ? fitAsked(call) : picture.fit;
  const params = { projectId: idOf(call), index: picture.index, fit, ...formatAsked(call.options) };
  const { width, height, result } = await call.studio.call('curation.fitPreview', params, 'host');
  const file = await write(call, out, result, 1);
  const words = `${plain(picture.name)}, ${width}×${height}, as ${result.width}×${result.height} in ${file}`;
  const { index, id, name } = picture;
  return {
    result: { file, index, id, name, width, height, size: result.width, channels: result.channels, fit },
    words,
  };
}

/** Draws pictures as the discriminator would see them in some batches, by the recipe: a row each. */
export async function augment(call: Call): Promise<Said> {
  const { options, project } = call;
  const { variants = VARIANTS, seed, limit = limits.augmentPictures } = options;
  if (limit > limits.augmentPictures) {
    const problem = `at most ${limits.augmentPictures} pictures are drawn at once`;
    fail('option.invalid', { option: '--limit', value: limit, problem });
  }
  const out = await freeFile(call);
  const shown = await firstOf(picturesOf(call), limit);
  if (shown.length === 0) fail('dataset.none-selected');
  const { model, augmentation: own } = project.recipe;
  // A VAE's pictures are mirrored, and changed in no other way.
  const augmentation = model.kind === 'vae' ? AugmentationSettings.parse({ flip: own.flip }) : own;
  const params = { projectId: idOf(call), indices: shown.map(({ index }) => index), augmentation, variants, seed };
  const drawn = await call.studio.call('curation.augmentPreview', params, 'host');
  const file = await write(call, out, drawn, variants);
  const pictures = shown.map(({ index, id, name }) => ({ index, id, name }));
  const words = `${shown.length} ${shown.length === 1 ? 'picture' : 'pictures'}, each ${variants} times, in ${file}`;
  return { result: { file, pictures, variants, augmentation }, words };
}

/** The file that is to be written: a PNG that is not there yet, or may be replaced. */
async function freeFile({ options: { out, force } }: Call): Promise<string> {
  if (out === undefined) return missing('--out', 'give the PNG file that is written');
  refuseOtherFormat(out, '.png');
  await refuseTaken([out], force);
  return out;
}

async function write({ options }: Call, out: string, pictures: PictureBatch, columns: number): Promise<string> {
  return writeUserFile(out, await encodePng(pictures, { columns, scale: options.scale ?? 1 }));
}

async function onlyPicture(call: Call): Promise<PictureDetail> {
  if (call.pictures.length === 0) missing('picture', 'name the one that is drawn');
  const [picture, second] = await firstOf(picturesOf(call), 2);
  if (!second) return picture ?? fail('dataset.none-selected');
  const value = call.pictures.slice(0, 3).join(' ');
  return fail('option.invalid', {
    option: 'picture',
    value,
    problem: 'one at a time is drawn; several are meant by it',
  });
}

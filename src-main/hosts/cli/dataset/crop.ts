import { fail } from '#shared/contract/errors';
import type { PictureFit } from '#shared/contract/types';
import type { Selection } from '#shared/dataset/curation';
import { Fit } from '#shared/dataset/fit';
import type { Call, DatasetOptions, Said } from './call';
import { edit } from './edits';
import { isAboutAll, selectionOf } from './selection';

/** The pictures that have a crop of their own. */
const FITTED = { kind: 'filter', filter: { view: 'fitted' } } as const satisfies Selection;

export function crop(call: Call): Promise<Said> {
  const { options, project } = call;
  const all = isAboutAll(call);
  const some = { ...(!all && { pictures: selectionOf(call) }) };
  if (options.reset) return edit(call, { kind: 'fit', fit: null, pictures: some.pictures ?? FITTED });
  const fit = fitAsked(call);
  if (options.size === undefined && options.channels === undefined) return edit(call, { kind: 'fit', fit, ...some });
  if (!all) {
    const problem = 'all pictures have the same size and channels: name none, and no view or class';
    return fail('option.invalid', { option: '--size and --channels', value: 'given for some pictures', problem });
  }
  const { size, channels } = project.dataset ?? fail('dataset.empty');
  return edit(call, { kind: 'format', size, channels, ...formatAsked(options), ...(asksForFit(options) && { fit }) });
}

/** Whether anything is said of how pictures become squares. */
export const asksForFit = ({ crop, region, background }: DatasetOptions): boolean =>
  [crop, region, background].some((option) => option !== undefined);

/** How pictures are to become squares; what is not said is as for all of them. */
export function fitAsked({ options, project }: Pick<Call, 'options' | 'project'>): PictureFit {
  const before = project.dataset?.fit ?? { crop: 'centre', background: '#ffffff' };
  const { crop: way = before.crop, background = before.background, region } = options;
  return { crop: Fit.shape.crop.parse(way), background, ...(region !== undefined && { region: regionOf(region) }) };
}

/** The size and channels that were asked for, and only those. */
export const formatAsked = ({ size, channels }: DatasetOptions) => ({
  ...(size !== undefined && { size }),
  ...(channels !== undefined && { channels: channels === '1' ? (1 as const) : (3 as const) }),
});

function regionOf(text: string): NonNullable<PictureFit['region']> {
  const [left, top, width, height, ...rest] = text.split(',').map(Number);
  const { success, data } = Fit.shape.region.unwrap().safeParse({ left, top, width, height });
  if (success && rest.length === 0) return data;
  const problem = 'it is four fractions from 0 to 1, and no part is smaller than 0.01';
  return fail('option.invalid', { option: '--region', value: text, problem });
}

import { fail } from '#shared/contract/errors';
import type { PictureFlag } from '#shared/contract/pictureFlags';
import type { ProjectDetail } from '#shared/contract/types';
import type { ViewId } from '#shared/dataset/marks';
import type { Studio } from '../../../studio/studio';

/** All that `ganvas dataset` can be told; each action reads what concerns it. */
export interface DatasetOptions {
  readonly view?: ViewId;
  readonly class?: string;
  readonly flag?: PictureFlag;
  readonly minSide?: number;
  readonly maxSide?: number;
  readonly unclassed?: boolean;
  readonly none?: boolean;
  readonly to?: string;
  readonly heldOut?: number;
  readonly seed?: number;
  readonly balanced?: boolean;
  readonly weight?: readonly string[];
  readonly crop?: string;
  readonly region?: string;
  readonly background?: string;
  readonly size?: number;
  readonly channels?: string;
  readonly reset?: boolean;
  readonly limit?: number;
  readonly variants?: number;
  readonly scale?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly all?: boolean;
  readonly import?: number;
  readonly json?: boolean;
}

/** An action on a project's pictures, as it was asked for. */
export interface Call {
  readonly studio: Studio;
  readonly project: ProjectDetail;
  /** Names of pictures as they were given. */
  readonly pictures: readonly string[];
  readonly options: DatasetOptions;
}

/** What an action says: its result for scripts, whole or in pieces, or in words. */
export type Said =
  | { readonly result: object; readonly words: string }
  | { readonly pieces: AsyncIterable<string> }
  | { readonly words: string };

export const idOf = ({ project }: Call): string => project.summary.id;

/** Fails for what an action cannot do without. */
export function missing(option: string, problem: string): never {
  return fail('option.invalid', { option, value: 'missing', problem });
}

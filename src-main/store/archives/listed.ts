import type { SkipCode } from '#shared/contract/types';
import type { Member } from './member';

/** What an archive's directory says of one entry. Names are text for people: nothing is ever written under them. */
export type Listed =
  | { readonly kind: 'folder' }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly member: Member;
      /** At least so much of the archive is its own. */ readonly packedBytes: number;
    }
  | { readonly kind: 'refused'; readonly name: string; readonly code: SkipCode; readonly detail: string };

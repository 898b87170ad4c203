import type { ImportProposal } from '#shared/contract/types';
import type { DecodeOutcome, PictureWorkers } from '../decode/picture';
import { inOrder } from '../inOrder';
import { readPictureFile } from './pictureFile';
import type { FoundFile } from './walk';

/** Files that are looked at before a size is proposed, spread over all of them. */
const LOOKED_AT = 64;
const LOOK = { size: 32, channels: 3 } as const;
/** Share of grey pictures from which on colour is not worth three channels: scans have a stray coloured page. */
const NEARLY_ALL = 0.98;

/** Proposes what to make of the pictures from a look at some of them; 32×32 in colour when none of those can be read. */
export async function proposeFor(
  files: readonly FoundFile[],
  workers: PictureWorkers,
  onLooked: (done: number, total: number) => void,
): Promise<ImportProposal> {
  const looked = Math.min(LOOKED_AT, files.length);
  const chosen = Array.from({ length: looked }, (_, index) => files[Math.floor((index * files.length) / looked)]);
  const outcomes: DecodeOutcome[] = [];
  const looks = inOrder(chosen, workers.parallel, async (file) => {
    const read = file && (await readPictureFile(file));
    return read?.ok ? workers.decode(read.bytes, LOOK) : undefined;
  });
  let done = 0;
  for await (const outcome of looks) {
    if (outcome) outcomes.push(outcome);
    onLooked(++done, looked);
  }
  return proposalOf(outcomes);
}

/** 64×64 when half the pictures are at least that large, else 32×32; one channel when nearly all are grey. */
export function proposalOf(outcomes: readonly DecodeOutcome[]): ImportProposal {
  const pictures = outcomes.filter((outcome) => outcome.ok);
  const sides = pictures.map(({ width, height }) => Math.min(width, height)).sort((a, b) => a - b);
  const median = sides[Math.floor(sides.length / 2)] ?? 0;
  const grey = pictures.filter((picture) => picture.grey).length;
  const size = median >= 64 ? 64 : 32;
  return { size, channels: pictures.length > 0 && grey >= pictures.length * NEARLY_ALL ? 1 : 3 };
}

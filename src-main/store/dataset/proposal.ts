import type { ImportProposal } from '#shared/contract/types';
import type { DecodeOutcome, PictureWorkers } from '../decode/picture';
import { inOrder } from '../inOrder';
import { readPictureFile } from './pictureFile';
import { isPictureName } from './pictureName';
import type { FoundFile } from './walk';

/** Files that are looked at before a size is proposed, spread over all that are likely pictures. */
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
  const likely = files.filter(({ name }) => isPictureName(name));
  const others = likely.length < LOOKED_AT ? files.filter(({ name }) => !isPictureName(name)) : [];
  const chosen = [...spread(likely, LOOKED_AT), ...spread(others, LOOKED_AT - likely.length)];
  const outcomes: DecodeOutcome[] = [];
  const looks = inOrder(chosen, workers.parallel, async (file) => {
    const read = await readPictureFile(file);
    return read.ok ? workers.decode(read.bytes, LOOK) : undefined;
  });
  let done = 0;
  for await (const outcome of looks) {
    if (outcome) outcomes.push(outcome);
    onLooked(++done, chosen.length);
  }
  return proposalOf(outcomes);
}

/** At most so many of the files, from all over the list. */
function spread(files: readonly FoundFile[], most: number): readonly FoundFile[] {
  const count = Math.min(most, files.length);
  const places = Array.from({ length: count }, (_, index) => Math.floor((index * files.length) / count));
  return places.flatMap((place) => files[place] ?? []);
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

import type { ImportProposal } from '#shared/contract/types';
import type { DecodeOutcome, PictureWorkers } from '../decode/picture';
import { inOrder } from '../inOrder';
import type { FoundFiles } from './fileList';
import { isPictureName } from './pictureName';

/** Files that are looked at before a size is proposed, spread over all that are likely pictures. */
const LOOKED_AT = 64;
const LOOK = { size: 32, channels: 3 } as const;
/** Share of grey pictures from which on colour is not worth three channels: scans have a stray coloured page. */
const NEARLY_ALL = 0.98;

/** Proposes what to make of the pictures from a look at some of them; 32×32 in colour when none of those can be read. */
export async function proposeFor(
  files: FoundFiles,
  workers: PictureWorkers,
  onLooked: (done: number, total: number) => void,
): Promise<ImportProposal> {
  const [likely, others]: [number[], number[]] = [[], []];
  let place = 0;
  for (const { name } of files) (isPictureName(name) ? likely : others).push(place++);
  const places = [...spread(likely, LOOKED_AT), ...spread(others, Math.max(0, LOOKED_AT - likely.length))];
  const chosen = places.flatMap((place) => files.at(place) ?? []);
  const outcomes: DecodeOutcome[] = [];
  const looks = inOrder(chosen, workers.parallel, (file) => workers.decodeFile(file, LOOK));
  let done = 0;
  for await (const outcome of looks) {
    outcomes.push(outcome);
    onLooked(++done, chosen.length);
  }
  return proposalOf(outcomes);
}

/** At most so many of them, from all over the list. */
function spread(places: readonly number[], most: number): readonly number[] {
  const count = Math.min(most, places.length);
  const chosen = Array.from({ length: count }, (_, index) => Math.floor((index * places.length) / count));
  return chosen.flatMap((place) => places[place] ?? []);
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

import type { Call, Said } from './call';
import { clear, restore } from './clear';
import { crop } from './crop';
import { assign, exclude, keep, relink, rename, sampling, split, undoOrRedo } from './edits';
import { exportPictures } from './exportPictures';
import { alike, check, list, report, stats } from './look';
import { augment, preview } from './previews';

interface Action {
  readonly summary: string;
  readonly run: (call: Call) => Promise<Said>;
}

/** What `ganvas dataset PROJECT ACTION` does, by action. */
export const actions: Readonly<Record<string, Action>> = {
  list: { summary: 'names pictures', run: list },
  stats: { summary: 'counts them', run: stats },
  exclude: { summary: 'leaves pictures out of training', run: (call) => exclude(call, true) },
  include: { summary: 'trains on them again', run: (call) => exclude(call, false) },
  assign: { summary: 'gives them a class', run: assign },
  rename: { summary: 'renames or merges a class', run: rename },
  split: { summary: 'holds a share out', run: split },
  sampling: { summary: 'balances or weighs classes', run: sampling },
  crop: { summary: 'makes squares in another way, or of another size, or grey', run: crop },
  preview: { summary: 'draws a picture as “crop” with the same options would make it', run: preview },
  augment: { summary: 'draws pictures as the discriminator sees them, a row each', run: augment },
  export: { summary: 'writes PNG files of pictures as training sees them', run: exportPictures },
  alike: { summary: 'lists groups of near duplicates', run: alike },
  'keep-one': {
    summary: 'leaves out all but the largest of each group, or of the groups of named pictures',
    run: (call) => keep(call, 'one'),
  },
  'keep-named': {
    summary: 'leaves out all of the groups of named pictures but those',
    run: (call) => keep(call, 'named'),
  },
  'keep-all': { summary: 'says that they are meant to be alike', run: (call) => keep(call, 'all') },
  check: { summary: 'looks whether the files are where they were, as they were', run: check },
  relink: { summary: 'finds moved files again, in the folders that are named', run: relink },
  report: { summary: 'what an import did with each file, the last one unless told', run: report },
  clear: { summary: 'takes all pictures out of the project; your own files stay', run: clear },
  restore: { summary: 'brings cleared pictures back, until others are imported', run: restore },
  undo: { summary: 'takes the last change back', run: (call) => undoOrRedo(call, 'curation.undo') },
  redo: { summary: 'does it again', run: (call) => undoOrRedo(call, 'curation.redo') },
};

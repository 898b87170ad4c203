import { importPictures } from '../dataset/import';
import { inThread } from '../decode/pictureWorkers';

/** A child process of the crash test: imports a folder into a project, in its own thread, and says each step. */
const [dir, folder] = process.argv.slice(2);
if (dir === undefined || folder === undefined) throw new Error('usage: importOnce PROJECT FOLDER');
await importPictures(
  { dir },
  [{ kind: 'path', path: folder }],
  { size: 64, channels: 3, onProgress: ({ phase, done }) => process.stdout.write(`${phase} ${done}\n`) },
  inThread,
);
process.stdout.write('done\n');

import { importPictures } from '../dataset/import';
import { inThread } from '../decode/pictureWorkers';

/** A child process of the crash tests: imports a folder into a project, in its own thread, and says each step. With a number of files, it kills itself when so many are decoded. `adopt`: the folder is the program's to keep. */
const [dir, folder, files, adopt] = process.argv.slice(2);
if (dir === undefined || folder === undefined) throw new Error('usage: importOnce PROJECT FOLDER [FILES [adopt]]');
await importPictures(
  { dir },
  [{ kind: 'path', path: folder, adopt: adopt === 'adopt' }],
  {
    size: 64,
    channels: 3,
    onProgress: ({ phase, done }) => {
      process.stdout.write(`${phase} ${done}\n`);
      if (phase === 'decoding' && String(done) === files) process.kill(process.pid, 'SIGKILL');
    },
  },
  inThread,
);
process.stdout.write('done\n');

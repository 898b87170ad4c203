import { importPictures } from '../dataset/import';
import { inThread } from '../decode/pictureWorkers';

/** A child process of the crash test: imports a folder into a project, in its own thread. */
const [dir, folder] = process.argv.slice(2);
if (dir === undefined || folder === undefined) throw new Error('usage: importOnce PROJECT FOLDER');
process.stdout.write('ready\n');
await importPictures({ dir }, [{ kind: 'path', path: folder }], { size: 64, channels: 3 }, inThread);
process.stdout.write('done\n');

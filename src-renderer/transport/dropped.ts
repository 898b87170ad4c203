import { isVideoName } from '#shared/dataset/videoName';

/** What was dropped or chosen, as the browser hands it over. */
export interface DroppedItems {
  /** Name for a project made of it: the folder's, or undefined for loose files. */
  readonly folderName: string | undefined;
  /** Dropped files; a dropped folder is a File here too, which has a path in Electron and no content in the browser. */
  readonly files: readonly File[];
  /** Dropped files and folders to walk; empty when files were chosen by a dialog. */
  readonly entries: readonly FileSystemEntry[];
}

/** A file and its path below what was dropped. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

/** A file or folder of a drop that the browser does not open: it went, or may not be read. */
export interface Unopened {
  readonly name: string;
  /** In the browser's words. */
  readonly problem: string;
}

/** Files that the page makes while they are handed over: each when it is asked for. */
export interface MadeFiles {
  /** How many are expected. */
  readonly count: number;
  readonly files: AsyncGenerator<NamedFile>;
}

/** Takes what a drop carries. Must run inside the drop's own event handler: afterwards the browser empties it. */
export function takeDrop(transfer: DataTransfer): DroppedItems {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const folder = entries.find((entry) => entry.isDirectory);
  return { folderName: folder?.name, files: [...transfer.files], entries };
}

/** Takes what a file input holds; with `webkitdirectory` its files know their folder. */
export function takeChosen(files: FileList): DroppedItems {
  const list = [...files];
  const folder = list[0]?.webkitRelativePath.split('/')[0];
  return { folderName: folder || undefined, files: list, entries: [] };
}

/** Parts videos that were dropped or chosen themselves, not within a folder, from all else. */
export function partVideos(items: DroppedItems): { readonly videos: readonly File[]; readonly others: DroppedItems } {
  const folders = new Set(items.entries.filter(isDirectory).map(({ name }) => name));
  const isVideo = ({ name, webkitRelativePath }: File) =>
    isVideoName(name) && !webkitRelativePath && !folders.has(name);
  const files = items.files.filter((file) => !isVideo(file));
  const entries = items.entries.filter(({ name, isFile }) => !(isFile && isVideoName(name)));
  return { videos: items.files.filter(isVideo), others: { ...items, files, entries } };
}

/** Whether a drag carries files, not text or a link. */
export function carriesFiles(transfer: DataTransfer | null): transfer is DataTransfer {
  return transfer?.types.includes('Files') ?? false;
}

/** Every file, folders walked to their end, in the order met. What cannot be opened is told, and the walk goes on. */
export async function* walk(items: DroppedItems): AsyncGenerator<NamedFile | Unopened> {
  if (items.entries.length === 0) {
    for (const file of items.files) yield { name: file.webkitRelativePath || file.name, file };
    return;
  }
  for (const entry of items.entries) yield* walkEntry(entry);
}

async function* walkEntry(entry: FileSystemEntry): AsyncGenerator<NamedFile | Unopened> {
  const name = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await opened<File>(name, (resolve, reject) => entry.file(resolve, reject));
    yield 'problem' in file ? file : { name, file };
  } else if (isDirectory(entry)) {
    const reader = entry.createReader();
    for (;;) {
      // readEntries gives at most 100 at a time, and an empty list at the end.
      const batch = await opened<FileSystemEntry[]>(name, (resolve, reject) => reader.readEntries(resolve, reject));
      if ('problem' in batch) return yield batch;
      if (batch.length === 0) return;
      for (const child of batch) yield* walkEntry(child);
    }
  }
}

/** What the browser opens, or that it does not. */
function opened<T>(
  name: string,
  open: (resolve: (value: T) => void, reject: (error: DOMException) => void) => void,
): Promise<T | Unopened> {
  return new Promise<T>(open).catch((error: unknown) => ({ name, problem: inBrowsersWords(error) }));
}

/** Why something could not be read. */
export const inBrowsersWords = (error: unknown): string =>
  error instanceof Error || error instanceof DOMException ? error.message : String(error);

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { temporaryFolder } from '../testing/temporaryFolder';
import { findFiles } from './walk';

const named = async (path: string) => {
  const { files, skipped } = await findFiles([{ kind: 'path', path }], path);
  return { files: [...files].map(({ name }) => name), skipped: skipped.map(({ file }) => file) };
};

test('files are found in folders within folders, in a fixed order; litter is left out', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'p');
  await mkdir(join(folder, 'b/c'), { recursive: true });
  for (const name of ['z.png', 'a.png', 'B.png', 'b/c/1.png', 'b/2.png', '.DS_Store', 'Thumbs.db']) {
    await writeFile(join(folder, name), 'x');
  }
  expect((await named(folder)).files).toEqual(['p/B.png', 'p/a.png', 'p/b/2.png', 'p/b/c/1.png', 'p/z.png']);
  expect((await findFiles([{ kind: 'path', path: join(folder, 'a.png') }], root)).files.at(0)).toEqual({
    path: join(folder, 'a.png'),
    name: 'a.png',
    bytes: 1,
    modifiedMs: expect.any(Number),
    source: 0,
  });
});

test('each file knows its source; files of one folder share theirs', async () => {
  const root = await temporaryFolder();
  const folder = join(root, 'p');
  await mkdir(folder);
  for (const name of ['p/1.png', 'a.png', 'b.png']) await writeFile(join(root, name), 'x');
  const paths = [folder, join(root, 'a.png'), join(root, 'b.png')];
  const { files, sources } = await findFiles(
    paths.map((path) => ({ kind: 'path', path })),
    root,
  );
  expect(sources).toEqual([
    { kind: 'folder', path: folder },
    { kind: 'files', path: root },
  ]);
  expect([...files].map(({ name, source }) => [name, source])).toEqual([
    ['p/1.png', 0],
    ['a.png', 1],
    ['b.png', 1],
  ]);
});

test('links do not lead out of the folder, nor round in circles', async () => {
  const root = await temporaryFolder();
  const [folder, beside] = [join(root, 'p'), join(root, 'p-secret')];
  await mkdir(join(folder, 'sub'), { recursive: true });
  await mkdir(beside);
  await writeFile(join(beside, 'secret.png'), 'x');
  await writeFile(join(folder, 'sub/1.png'), 'x');
  await symlink(join(beside, 'secret.png'), join(folder, 'escape.png'));
  await symlink('../p-secret', join(folder, 'escape'));
  await symlink('..', join(folder, 'sub/loop'));
  await symlink('sub/1.png', join(folder, 'inside.png'));
  await symlink('nowhere', join(folder, 'broken.png'));
  expect(await named(folder)).toEqual({
    files: ['p/inside.png', 'p/sub/1.png'],
    skipped: ['p/broken.png', 'p/escape', 'p/escape.png'],
  });
});

test('a link that the user names itself is followed', async () => {
  const root = await temporaryFolder();
  await mkdir(join(root, 'real'));
  await writeFile(join(root, 'real/1.png'), 'x');
  await symlink('real', join(root, 'mine'));
  expect((await named(join(root, 'mine'))).files).toEqual(['mine/1.png']);
});

test('hostile names are names', async () => {
  const root = await temporaryFolder();
  const names = [
    '<img src=x onerror=alert(1)>.png',
    'a\nb.png',
    '..png',
    '$(rm -rf).png',
    '%2e%2e.png',
    '🙂.png',
    '-rf',
  ];
  for (const name of names) await writeFile(join(root, name), 'x');
  const found = [...(await findFiles([{ kind: 'path', path: root }], root)).files].map(({ path }) =>
    path.slice(root.length + 1),
  );
  // '..png' begins with a dot: a hidden file.
  expect(found.toSorted()).toEqual(names.filter((name) => name !== '..png').toSorted());
});

test('pipes are not opened, folders that may not be read are named', async () => {
  const root = await temporaryFolder();
  execFileSync('mkfifo', [join(root, 'pipe.png')]);
  await mkdir(join(root, 'closed'));
  await chmod(join(root, 'closed'), 0o000);
  const { files, skipped } = await findFiles([{ kind: 'path', path: root }], root);
  await chmod(join(root, 'closed'), 0o700);
  expect(files.length).toBe(0);
  expect(skipped.map(({ code }) => code)).toContain('unreadable');
  // Root may read every folder.
  if (process.getuid?.() !== 0) expect(skipped).toHaveLength(2);
});

test('folders nested too deep are named and not entered', async () => {
  const root = await temporaryFolder();
  const deep = join(root, ...Array.from({ length: limits.folderDepth + 1 }, () => 'd'));
  await mkdir(deep, { recursive: true });
  await writeFile(join(deep, '1.png'), 'x');
  const { files, skipped } = await findFiles([{ kind: 'path', path: root }], root);
  expect(files.length).toBe(0);
  expect(skipped).toHaveLength(1);
});

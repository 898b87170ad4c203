import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { FakeClient, PROJECT_ID, studioContext, testCuration, testDataset, testPictures, testProject } from '../../app/fakeClient'; // prettier-ignore
import { Studio } from '../../app/studio.svelte';
import AlikePanel from './AlikePanel.svelte';
import { DataDesk } from './dataDesk.svelte';

function openPanel() {
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 400 });
  const client = new FakeClient({
    'curation.alike': () => ({ groups: [[7, 3, 9], [20, 21]], total: 2 }), // prettier-ignore
    'curation.thumbnails': ({ indices }) => testPictures(indices.length, 32),
    'curation.edit': () => ({ curation: testCuration(), done: undefined, missing: { count: 0, files: [] } }),
  });
  const studio = new Studio(client);
  studio.takeProject(testProject());
  const desk = new DataDesk(studio, PROJECT_ID);
  const props = { desk, dataset: testDataset(), disabledReason: undefined };
  render(AlikePanel, { props, context: studioContext(studio) });
  return client;
}

it('keeps the largest of a group, or the one that is clicked, or all', async () => {
  const client = openPanel();
  const group = await screen.findByRole('listbox', { name: 'Group 1: 3 pictures' });
  const [first] = screen.getAllByRole('button', { name: 'Keep the largest' });
  if (!first) throw new Error('no button');
  await fireEvent.click(first);
  await fireEvent.keyDown(group, { key: 'End' });
  await fireEvent.keyDown(group, { key: 'Enter' });
  expect(within(group).getByRole('option', { selected: true }).getAttribute('aria-label')).toBe('picture 10');
  await fireEvent.click(screen.getByRole('button', { name: 'Keep the chosen one' }));
  await fireEvent.click(screen.getAllByRole('button', { name: 'Keep all' }).at(-1) ?? first);
  await fireEvent.click(screen.getByRole('button', { name: 'Keep one of each' }));
  const indices = (picture: number) => ({ kind: 'indices', indices: [picture] });
  await expect.poll(() => client.paramsOf('curation.edit').map(({ edit }) => edit)).toEqual([
    { kind: 'nearDuplicates', keep: 'named', group: indices(7) },
    { kind: 'nearDuplicates', keep: 'named', group: indices(9) },
    { kind: 'nearDuplicates', keep: 'all', group: indices(20) },
    { kind: 'nearDuplicates', keep: 'one' },
  ]); // prettier-ignore
});

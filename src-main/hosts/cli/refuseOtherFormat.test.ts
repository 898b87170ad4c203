import { expect, it } from 'vitest';
import { refuseOtherFormat } from './refuseOtherFormat';

it.each(['grid.png', 'folder.jpg/grid.PNG', 'grid'])('takes %s for a PNG', (out) => {
  expect(() => refuseOtherFormat(out, '.png')).not.toThrow();
});

it('refuses a name that promises another format', () => {
  expect(() => refuseOtherFormat('grid.jpg', '.png')).toThrow(
    '--out cannot be grid.jpg: what is written is a .png file',
  );
});

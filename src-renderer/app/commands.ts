import type { Icon } from '../ui/icon';
import { theme, type ThemeChoice } from '../ui/theme.svelte';
import Cpu from '@lucide/svelte/icons/cpu';
import FolderInput from '@lucide/svelte/icons/folder-input';
import House from '@lucide/svelte/icons/house';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Pause from '@lucide/svelte/icons/pause';
import Play from '@lucide/svelte/icons/play';
import Square from '@lucide/svelte/icons/square';
import SunMoon from '@lucide/svelte/icons/sun-moon';
import Redo2 from '@lucide/svelte/icons/redo-2';
import Undo2 from '@lucide/svelte/icons/undo-2';
import { rooms } from './rooms';
import { isActive } from './runWords';
import { chord } from './shortcuts';
import type { Studio } from './studio.svelte';

/** One thing the palette offers; only those that can be done now are listed. */
export interface Command {
  readonly title: string;
  readonly group: 'Go to' | 'Training' | 'Project' | 'Machine' | 'Look';
  readonly icon: Icon;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

const themeNames: Readonly<Record<ThemeChoice, string>> = { system: 'as the system', dark: 'dark', light: 'light' };

/** The sheets that commands bring up over the page. */
export type Sheet = 'keys' | 'engines';

/** Everything that the user can do by name, now. */
export function commandsOf(studio: Studio, onsheet: (sheet: Sheet) => void): readonly Command[] {
  const open = studio.project !== undefined;
  const run = studio.run?.run ?? { state: 'none' as const };
  const { training, messages } = studio;
  const when = (possible: boolean, ...commands: Command[]): readonly Command[] => (possible ? commands : []);
  return [
    ...when(
      open,
      ...rooms.map(({ id, title, icon, order }) => ({
        title,
        group: 'Go to' as const,
        icon,
        keys: chord(String(order)),
        run: () => (studio.room = id),
      })),
    ),
    ...when(studio.readiness.ready && !isActive(run), {
      title: 'Start training',
      group: 'Training',
      icon: Play,
      run: () => training.begin(),
    }),
    ...when(run.state === 'training', {
      title: 'Pause',
      group: 'Training',
      icon: Pause,
      keys: 'Space',
      run: () => void training.pause(),
    }),
    ...when(run.state === 'paused', {
      title: 'Resume',
      group: 'Training',
      icon: Play,
      keys: 'Space',
      run: () => void training.resume(),
    }),
    ...when(run.state === 'training' || run.state === 'paused', {
      title: 'Stop training',
      group: 'Training',
      icon: Square,
      run: () => void training.stop(),
    }),
    ...when(messages.undoable !== undefined, {
      title: `Undo: ${messages.undoable ?? ''}`,
      group: 'Project',
      icon: Undo2,
      keys: chord('Z'),
      run: () => void messages.undo(),
    }),
    ...when(messages.redoable !== undefined, {
      title: `Do again: ${messages.redoable ?? ''}`,
      group: 'Project',
      icon: Redo2,
      keys: chord('Shift+Z'),
      run: () => void messages.redo(),
    }),
    ...when(studio.client.openProject !== undefined, {
      title: 'Open a project folder',
      group: 'Project',
      icon: FolderInput,
      run: () => void studio.openFromDisk(),
    }),
    ...when(open, { title: 'All projects', group: 'Project', icon: House, run: () => void studio.leave() }),
    { title: 'TensorFlow engines', group: 'Machine', icon: Cpu, run: () => onsheet('engines') },
    ...(['system', 'dark', 'light'] as const)
      .filter((choice) => choice !== theme.choice)
      .map((choice): Command => ({
        title: `Theme: ${themeNames[choice]}`,
        group: 'Look',
        icon: SunMoon,
        run: () => theme.choose(choice),
      })),
    { title: 'Show all keys', group: 'Look', icon: Keyboard, keys: '?', run: () => onsheet('keys') },
  ];
}

/** Commands whose title or group holds every word of the query, in their order. */
export function matching(commands: readonly Command[], query: string): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ title, group }) => {
    const text = `${group} ${title}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

import { describe, expect, it } from 'vitest';
import { shortcutFor } from './shortcuts';

const press = (key: string, more: Partial<Parameters<typeof shortcutFor>[0]> = {}) =>
  shortcutFor({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    target: document.body,
    defaultPrevented: false,
    ...more,
  });

describe('shortcuts', () => {
  it('switch rooms, undo and open the palette with Ctrl and with ⌘', () => {
    expect(press('3', { ctrlKey: true })).toEqual({ kind: 'room', number: 3 });
    expect(press('3', { metaKey: true })).toEqual({ kind: 'room', number: 3 });
    expect(press('k', { ctrlKey: true })).toEqual({ kind: 'palette' });
    expect(press('z', { ctrlKey: true })).toEqual({ kind: 'undo' });
    expect(press('?', { shiftKey: true })).toEqual({ kind: 'keys' });
  });

  it('leave keys to a text box', () => {
    const input = document.createElement('input');
    for (const key of [' ', '?']) expect(press(key, { target: input })).toBeUndefined();
    expect(press('z', { ctrlKey: true, target: input })).toBeUndefined();
  });

  it('pause with Space, except on what Space itself presses', () => {
    expect(press(' ')).toEqual({ kind: 'toggle-run' });
    expect(press(' ', { target: document.createElement('button') })).toBeUndefined();
    expect(press(' ', { repeat: true })).toBeUndefined();
  });

  it('take nothing that another control has handled', () => {
    expect(press(' ', { defaultPrevented: true })).toBeUndefined();
  });
});

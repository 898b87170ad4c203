export type Shortcut =
  | { readonly kind: 'room'; readonly number: number }
  | { readonly kind: 'toggle-run' | 'undo' | 'redo' | 'palette' | 'keys' };

/** What of a key press decides; a KeyboardEvent has it all. */
type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'target' | 'defaultPrevented'
>;

/** The studio-wide shortcut of a key press, or undefined where the key belongs to the focused control. */
export function shortcutFor(press: KeyPress): Shortcut | undefined {
  if (press.defaultPrevented || press.altKey) return undefined;
  const key = press.key.toLowerCase();
  if (press.ctrlKey || press.metaKey) {
    const redo = press.shiftKey ? key === 'z' : key === 'y' && !isMac;
    if (redo && !isTyping(press.target)) return { kind: 'redo' };
    if (press.shiftKey) return undefined;
    if (/^[1-9]$/.test(key)) return { kind: 'room', number: Number(key) };
    if (key === 'k') return { kind: 'palette' };
    // In a text box Ctrl+Z takes back the typing.
    if (key === 'z' && !isTyping(press.target)) return { kind: 'undo' };
    return undefined;
  }
  if (press.repeat || isTyping(press.target)) return undefined;
  if (key === ' ' && !usesSpace(press.target)) return { kind: 'toggle-run' };
  return key === '?' ? { kind: 'keys' } : undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null;
}

/** Controls that Space itself presses. */
function usesSpace(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      'button, a, select, summary, [role="slider"], [role="listbox"], [role="option"], [role="menuitem"]',
    ) !== null
  );
}

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent);

/** A chord as this system writes it: `Ctrl+K` or `⌘K`. */
export function chord(key: string): string {
  return isMac ? `⌘${key}` : `Ctrl+${key}`;
}

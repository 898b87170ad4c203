/** Dark or light: follows the system until the user chooses; remembered on this machine. */

export type ThemeChoice = 'system' | 'dark' | 'light';
const STORAGE_KEY = 'ganvas.theme';
const CHOICES: readonly ThemeChoice[] = ['system', 'dark', 'light'];

class Theme {
  choice = $state<ThemeChoice>('system');
  #systemIsLight = $state(false);
  /** What is on screen. Charts read it to redraw with the new colours. */
  readonly shown = $derived(this.choice === 'system' ? (this.#systemIsLight ? 'light' : 'dark') : this.choice);

  /** Reads the choice and follows the system for as long as the page lives. Call once, before the first paint. */
  start(): void {
    const stored = localStorage.getItem(STORAGE_KEY);
    this.choice = CHOICES.find((choice) => choice === stored) ?? 'system';
    const query = matchMedia('(prefers-color-scheme: light)');
    this.#systemIsLight = query.matches;
    query.addEventListener('change', ({ matches }) => {
      this.#systemIsLight = matches;
      this.#apply();
    });
    this.#apply();
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    localStorage.setItem(STORAGE_KEY, choice);
    this.#apply();
  }

  /** A token's value on screen now, for canvases: `theme.color('--g')`. Reading it in an effect follows theme changes. */
  color(token: `--${string}`): string {
    // Read so that an effect that draws with it runs again when the theme changes.
    void this.shown;
    return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  }

  #apply(): void {
    document.documentElement.dataset['theme'] = this.shown;
  }
}

export const theme = new Theme();

import { theme } from '../ui/theme.svelte';

/** What a canvas needs of the design tokens: it inherits nothing from CSS. */
export interface ChartTheme {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly reference: string;
  readonly surface: string;
  /** What the chart stands on. */
  readonly background: string;
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
  /** Canvas font shorthand without weight. */
  readonly font: string;
}

/** The tokens on screen now. Read in an effect, it makes the effect run again when the theme changes. */
export function chartTheme(): ChartTheme {
  const fontFamily = theme.color('--font') || 'sans-serif';
  const fontSize = Number.parseFloat(theme.color('--type-small')) || 12;
  return {
    text: theme.color('--text'),
    muted: theme.color('--text-3'),
    grid: theme.color('--border'),
    reference: theme.color('--border-strong'),
    surface: theme.color('--surface-3'),
    background: theme.color('--bg'),
    fontFamily,
    fontSize,
    font: `${fontSize}px ${fontFamily}`,
  };
}

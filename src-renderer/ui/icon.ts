import type { Component } from 'svelte';

/** An icon of the set: `import Play from '@lucide/svelte/icons/play'`. Decorative; the word beside it or `label` carries the meaning. */
export type Icon = Component<{ size?: number | string; strokeWidth?: number | string }>;

import type { LayerNode } from './recipe';

/** The network's own input, where a layer's number is expected. */
export const NETWORK_INPUT = -1;

/** Where a layer gets its inputs from, or what is wrong with the names it gives. */
export type Wiring =
  | { readonly sources: readonly number[] }
  | { readonly sources: readonly number[]; readonly problem: string; readonly fix: string };

/** The layers, by number, whose outputs layer `index` takes: those it names, or else the one before it. */
export function wiringOf(nodes: readonly LayerNode[], index: number): Wiring {
  const names = nodes[index]?.inputs;
  if (!names) return { sources: [index - 1] };
  const sources: number[] = [];
  for (const name of names) {
    const source = nodes.findIndex(({ id }) => id === name);
    if (source < 0) {
      return { sources, problem: `Its input “${name}” is not a layer of this network`, fix: 'Choose another input' };
    }
    if (source >= index) {
      const fix = `Choose an input above it, or move it behind “${name}”`;
      return { sources, problem: `Its input “${name}” does not come before it`, fix };
    }
    sources.push(source);
  }
  return { sources };
}

/** The layers whose output neither another layer nor the network's end takes: they would learn nothing. */
export function unusedLayers(sources: readonly (readonly number[])[]): number[] {
  const used = new Set(sources.flat());
  return sources.flatMap((_, index) => (used.has(index) || index === sources.length - 1 ? [] : [index]));
}

import type { CheckedLayer, CheckedNetwork } from '#shared/recipe/check';
import { describeShape, type Shape } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';

/** How a network is drawn: pure arithmetic, CSS pixels. */

export interface Slab {
  readonly width: number;
  readonly height: number;
}

/** Layers between two wires: one that changes the tensor's shape, and those behind it that keep it. */
export interface Stage {
  readonly input: Shape | undefined;
  readonly output: Shape | undefined;
  readonly layers: readonly CheckedLayer[];
  /** Number of its first layer in the network. */
  readonly first: number;
}

/** Of the room in which blocks are drawn, one beside the other by their middles. */
export const DRAWING_HEIGHT = 120;
const MAX_HEIGHT = 112;
const UNKNOWN_HEIGHT = 48;
const MAX_WIDTH = 56;
const MIN = 6;

/**
 * A tensor as a block: height by resolution, thickness by channels. Square roots keep 4×4 and 512 channels both visible; a vector is 1×1 with
 * its numbers as channels.
 */
export function slabOf(shape: Shape, largestSide: number): Slab {
  const [side, channels] = shape.length === 3 ? [shape[0] ?? 1, shape[2] ?? 1] : [1, shape[0] ?? 1];
  return {
    height: Math.round(Math.max(MIN, MAX_HEIGHT * Math.sqrt(side / Math.max(1, largestSide)))),
    width: Math.round(Math.min(MAX_WIDTH, Math.max(MIN, 2 * Math.sqrt(channels)))),
  };
}

/** Height of a stage's block, also of one whose size is not known. */
export const heightOf = (output: Shape | undefined, largestSide: number): number =>
  output ? slabOf(output, largestSide).height : UNKNOWN_HEIGHT;

/**
 * Layers that keep the shape (normalisation, activation) stand with the layer before them, so that a break moves nothing on screen. Where the network
 * branches or joins a stage ends, so that every wire leads from one stage to another.
 */
export function stagesOf({ layers }: CheckedNetwork): readonly Stage[] {
  const stages: Stage[] = [];
  const tapped = new Set(layers.flatMap((layer, index) => skippingSources(layer, index)));
  for (const [index, layer] of layers.entries()) {
    const last = stages.at(-1);
    const chained = layer.sources.every((source) => source === index - 1);
    if (last && chained && !tapped.has(index - 1) && keepsShape(layer)) {
      stages[stages.length - 1] = { ...last, layers: [...last.layers, layer] };
    } else {
      stages.push({ input: layer.input, output: layer.output, layers: [layer], first: index });
    }
  }
  return stages;
}

/** A wire that leads past the layers between two stages. */
export interface Skip {
  /** Places of the stages among all. */
  readonly from: number;
  readonly to: number;
  /** 0 nearest to the layers; wires that pass over others lie above them. */
  readonly lane: number;
  readonly shape: Shape | undefined;
  readonly broken: boolean;
}

/** The wires that do not run from one stage to the next, the shortest first. */
export function skipsOf({ layers }: CheckedNetwork, stages: readonly Stage[]): readonly Skip[] {
  const stageOf = (layer: number) => stages.findLastIndex(({ first }) => first <= layer);
  const wires = layers.flatMap((layer, index) =>
    skippingSources(layer, index).map((source) => ({
      from: stageOf(source),
      to: stageOf(index),
      shape: layers[source]?.output,
      broken: layer.problem !== undefined,
    })),
  );
  const skips: Skip[] = [];
  for (const wire of wires.sort((a, b) => a.to - a.from - (b.to - b.from))) {
    const under = skips.filter(({ from, to }) => from < wire.to && wire.from < to);
    skips.push({ ...wire, lane: Math.max(-1, ...under.map(({ lane }) => lane)) + 1 });
  }
  return skips;
}

/** Whether the straight wire into a stage carries anything: not where its first layer names others alone. */
export const isChained = ({ layers, first }: Stage): boolean => layers[0]?.sources.includes(first - 1) ?? true;

function skippingSources({ sources }: CheckedLayer, index: number): number[] {
  return sources.filter((source) => source >= 0 && source !== index - 1);
}

function keepsShape({ node, input, output, problem }: CheckedLayer): boolean {
  if (input && output) return describeShape(input) === describeShape(output);
  // Behind a break no shape is known, but what a layer does to shapes still is.
  const group = layerKinds.get(node.kind)?.group;
  return !problem && (group === 'normalisation' || group === 'activation');
}

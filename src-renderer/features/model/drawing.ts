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

const MAX_HEIGHT = 112;
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

/** Layers that keep the shape (normalisation, activation) stand with the layer before them, so that a break moves nothing on screen. */
export function stagesOf({ layers }: CheckedNetwork): readonly Stage[] {
  const stages: Stage[] = [];
  for (const [index, layer] of layers.entries()) {
    const last = stages.at(-1);
    if (last && keepsShape(layer)) {
      stages[stages.length - 1] = { ...last, layers: [...last.layers, layer] };
    } else {
      stages.push({ input: layer.input, output: layer.output, layers: [layer], first: index });
    }
  }
  return stages;
}

function keepsShape({ node, input, output, problem }: CheckedLayer): boolean {
  if (input && output) return describeShape(input) === describeShape(output);
  // Behind a break no shape is known, but what a layer does to shapes still is.
  const group = layerKinds.get(node.kind)?.group;
  return !problem && (group === 'normalisation' || group === 'activation');
}

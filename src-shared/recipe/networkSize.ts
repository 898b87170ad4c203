import { limits } from '../contract/limits';
import type { CheckedLayer, RecipeProblem } from './check';
import { describeShape, shapeSize } from './layerKind';

const inMillions = (count: number) => `${Math.ceil(count / 1e6)} million`;

interface TooLarge {
  readonly index: number;
  readonly layer: CheckedLayer;
  readonly problem: RecipeProblem;
}

/**
 * The first layer whose output, or with which what the network learns, is beyond what a machine's memory holds: a slip of the keyboard that would
 * end the program otherwise. Undefined where there is none, or where that layer has another problem, which comes first.
 */
export function tooLarge(network: RecipeProblem['network'], layers: readonly CheckedLayer[]): TooLarge | undefined {
  let learned = 0;
  for (const [index, layer] of layers.entries()) {
    learned += layer.parameters;
    const found = (problem: string, fix: string): TooLarge | undefined =>
      layer.problem ? undefined : { index, layer, problem: { network, layer: layer.node.id, problem, fix } };
    const { output, title } = layer;
    if (output && shapeSize(output) > limits.layerOutputs) {
      return found(
        `${title} puts out ${describeShape(output)} for each picture; at most ${inMillions(limits.layerOutputs)} numbers are taken`,
        'Give it fewer channels, or a smaller map',
      );
    }
    if (learned > limits.networkParameters) {
      return found(
        `With ${title} the ${network} has ${inMillions(learned)} numbers to learn; at most ${inMillions(limits.networkParameters)} are taken`,
        'Give it, or the layer before it, fewer outputs',
      );
    }
  }
  return undefined;
}

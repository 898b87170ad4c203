import type * as tfCore from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { z } from 'zod';

/** The TensorFlow.js namespace, handed to a layer so that src-shared needs no tfjs at run time. */
export type Tf = typeof tfCore;

/** A tensor's shape without its batch dimension: `[H, W, C]` for pictures and feature maps, `[units]` for vectors. */
export type Shape = readonly number[];

/** How a weight starts. `normal` and `gammaNormal` follow DCGAN (Radford et al. 2016, section 3): N(0, 0.02) and N(1, 0.02). */
export type Initializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  /** Uniform in −limit … limit. */
  | { readonly kind: 'uniform'; readonly limit: number }
  /** The weight as a matrix with as many columns as its last side is long, orthogonal: every two columns, or rows where those are fewer. */
  | { readonly kind: 'orthogonal' };

export interface WeightSpec {
  readonly shape: Shape;
  readonly init: Initializer;
  /** `trained` weights get gradients; `running` ones are statistics that a training forward pass moves along. */
  readonly role: 'trained' | 'running';
}

/** The random numbers that a layer takes for each picture in a training pass. */
export interface NoiseSpec {
  readonly shape: Shape;
  /** `normal`: N(0, 1); `uniform`: −1 … 1. */
  readonly distribution: 'normal' | 'uniform';
}

/** What a forward pass is for, and where it reports the running statistics that it moved. */
export interface PassContext {
  /** `train` uses batch statistics and reports new running ones; `sample` uses the running ones. */
  readonly mode: 'train' | 'sample';
  /** Called in `train` mode with a layer's new running value, of the weight's own shape. */
  readonly updateRunning: (weight: string, value: Tensor) => void;
  /** In `train` mode what the layer's {@link NoiseSpec} asks for, `[N, ...shape]`. They come from the host, so both engines see the same. */
  readonly noise: Tensor | undefined;
  /** Each picture's class, one-hot or a mixture, `[N, classes]`; undefined in a recipe without classes. */
  readonly labels: Tensor | undefined;
}

/** Thrown by a shape rule when a layer cannot take its input: `problem` is a sentence for the user, `fix` a remedy. */
export class LayerMisfit extends Error {
  constructor(
    readonly problem: string,
    readonly fix: string,
  ) {
    super(problem);
    this.name = 'LayerMisfit';
  }
}

interface LayerDescription<Settings> {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: string;
  readonly title: string;
  /** Two or three plain sentences: what it does and when to use it. */
  readonly help: string;
  readonly group: 'dense' | 'convolution' | 'normalisation' | 'activation' | 'regularisation' | 'shape' | 'join';
  /** Defaults, ranges, units and help of each setting; the inspector's form is drawn from it. */
  readonly settings: z.ZodType<Settings>;
  /** Set where a layer makes sense in one of the networks alone. */
  readonly onlyIn?: 'generator' | 'discriminator';
  /** Set where a layer looks at the class, so that it makes sense only in a recipe with classes. */
  readonly conditional?: true;
  /** Set where, in training, what the layer makes of a picture depends on the others of its batch. */
  readonly mixesBatch?: true;
}

type Weights = Readonly<Record<string, Tensor>>;
type WeightSpecs = Readonly<Record<string, WeightSpec>>;

/** A layer with one input. */
export interface ChainLayer<Settings = unknown> extends LayerDescription<Settings> {
  readonly joins?: never;
  /** Output shape for an input shape, both without batch; throws {@link LayerMisfit}. */
  readonly outputShape: (input: Shape, settings: Settings) => Shape;
  /** The layer's weights by name for an input shape and a number of classes (0: none), in the order in which they lie in the flat state vector. */
  readonly weights: (input: Shape, settings: Settings, classes: number) => WeightSpecs;
  /** For layers that draw lots in training. */
  readonly noise?: (input: Shape, settings: Settings) => NoiseSpec;
  /** Forward pass on a batch `[N, ...input]`. */
  readonly apply: (tf: Tf, x: Tensor, weights: Weights, settings: Settings, context: PassContext) => Tensor;
}

/** A layer that joins the outputs of several layers: the same, with a list of shapes and of tensors. */
export interface JoiningLayer<Settings = unknown> extends LayerDescription<Settings> {
  readonly joins: true;
  readonly outputShape: (inputs: readonly Shape[], settings: Settings) => Shape;
  readonly weights: (inputs: readonly Shape[], settings: Settings) => WeightSpecs;
  readonly apply: (tf: Tf, xs: readonly Tensor[], weights: Weights, settings: Settings, context: PassContext) => Tensor;
}

/** One kind of layer, whole: its settings, shapes, weights and forward pass. One file each in `src-shared/layers/`. */
export type LayerKind<Settings = unknown> = ChainLayer<Settings> | JoiningLayer<Settings>;

/** Infers a layer's settings type from its schema. */
export function defineLayer<Settings>(kind: ChainLayer<Settings>): ChainLayer<Settings> {
  return kind;
}

/** The same for a layer that joins. */
export function defineJoin<Settings>(kind: JoiningLayer<Settings>): JoiningLayer<Settings> {
  return kind;
}

/** What a layer has and gives for certain inputs. */
export interface LayerShapes {
  readonly output: Shape;
  readonly weights: WeightSpecs;
  readonly noise: NoiseSpec | undefined;
}

/** The shapes of a layer with these inputs in a recipe with so many classes (0: none), whichever kind it is; throws {@link LayerMisfit}. */
export function shapesOf(kind: LayerKind, inputs: readonly Shape[], settings: unknown, classes: number): LayerShapes {
  if (kind.conditional && classes === 0) {
    throw new LayerMisfit(
      `${kind.title} needs classes, but this recipe has none`,
      'Use the classes of your pictures, or remove it',
    );
  }
  if (kind.joins) {
    return {
      output: kind.outputShape(inputs, settings),
      weights: kind.weights(inputs, settings),
      noise: undefined,
    };
  }
  const input = onlyInput(kind, inputs);
  return {
    output: kind.outputShape(input, settings),
    weights: kind.weights(input, settings, classes),
    noise: kind.noise?.(input, settings),
  };
}

/** The forward pass of a layer, whichever kind it is. */
export function applyLayer(
  tf: Tf,
  kind: LayerKind,
  xs: readonly Tensor[],
  weights: Weights,
  settings: unknown,
  context: PassContext,
): Tensor {
  return kind.joins
    ? kind.apply(tf, xs, weights, settings, context)
    : kind.apply(tf, onlyInput(kind, xs), weights, settings, context);
}

function onlyInput<Input>(kind: LayerKind, inputs: readonly Input[]): Input {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new LayerMisfit(
      `${kind.title} takes one input, but ${inputs.length} are named`,
      'Name one, or join them with Add or Concatenate first',
    );
  }
  return input;
}

/** `[H, W, C]` of a feature map, or a misfit that says what came instead. */
export function featureMap(input: Shape, layer: string): readonly [number, number, number] {
  const [height, width, channels] = input;
  if (input.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw new LayerMisfit(
      `${layer} needs a feature map (height × width × channels), but gets ${describeShape(input)}`,
      'Put a Reshape layer before it',
    );
  }
  return [height, width, channels];
}

/** Length of a vector input, or a misfit that says what came instead. */
export function vectorLength(input: Shape, layer: string): number {
  const [units] = input;
  if (input.length !== 1 || units === undefined) {
    throw new LayerMisfit(`${layer} needs a vector, but gets ${describeShape(input)}`, 'Put a Flatten layer before it');
  }
  return units;
}

/** A shape as users read it: `4 × 4 × 128`, or `100 numbers`. */
export function describeShape(shape: Shape): string {
  return shape.length === 1 ? `${shape[0]} ${shape[0] === 1 ? 'number' : 'numbers'}` : shape.join(' × ');
}

/** Number of elements of a shape. */
export function shapeSize(shape: Shape): number {
  return shape.reduce((product, side) => product * side, 1);
}

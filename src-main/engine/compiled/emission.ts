import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import type { FormChoice } from './forms';
import { sameShape, type Attributes, type Node, type Value } from './graph';
import type { OnnxAttribute, OnnxInitializer, OnnxNode } from './onnx';
import type { OnnxTensor } from './onnxTensor';

/**
 * The ONNX graph under construction: what emitters write to.
 *
 * A value of the traced graph is held by a tensor with the same elements in the same order, in whatever shape its emitter found handy; `view` gives it
 * another (a Reshape that moves no memory). Every Reshape leaves its first side to ONNX Runtime (−1), so a graph whose values all begin with
 * the batch runs at any batch size. Equal nodes are written once: a convolution and its filter gradient share their column matrix.
 */
export class Emission {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  /** Of every tensor that a node makes. */
  readonly shapes = new Map<string, Shape>();
  readonly #tensors = new Map<Value, OnnxTensor>();
  readonly #written = new Map<string, readonly OnnxTensor[]>();
  readonly #constants = new Map<string, OnnxTensor>();
  /** Of a tensor that is a mere view: the tensor it views. */
  readonly #viewed = new Map<OnnxTensor, OnnxTensor>();
  readonly #forms: FormChoice;

  /** Of one Split. */
  readonly partsAtMost: number;

  /** `forms`: how nodes are to be written that can be written in several ways; the usual way where nothing is said. */
  constructor(forms: FormChoice = new Map(), partsAtMost = Infinity) {
    this.#forms = forms;
    this.partsAtMost = partsAtMost;
  }

  /** Which of its kernel's forms a node is to be written in. */
  formOf<A extends Attributes>(node: Node<A>): string | undefined {
    return this.#forms.get(node) ?? node.kernel.forms?.(node.attributes)[0];
  }

  /** Declares which tensor holds a value. */
  hold(value: Value, tensor: OnnxTensor): void {
    if (shapeSize(tensor.shape) !== shapeSize(value.shape)) {
      throw new Error(`${tensor.name} [${tensor.shape}] cannot hold a value of shape [${value.shape}]`);
    }
    this.#tensors.set(value, tensor);
  }

  /** The tensor that holds a value, in the shape it happens to have. */
  tensor(value: Value): OnnxTensor {
    const { origin } = value;
    if (origin.kind === 'splat') return this.scalar(origin.number);
    let tensor = this.#tensors.get(value);
    if (!tensor && origin.kind === 'constant') {
      tensor = this.floats(`value ${value.id}`, value.shape, () => origin.data);
      this.#tensors.set(value, tensor);
    }
    if (!tensor) throw new Error(`no tensor holds value ${value.id} (${origin.kind})`);
    return tensor;
  }

  view(of: Value | OnnxTensor, shape: Shape): OnnxTensor {
    const tensor = 'name' in of ? of : this.tensor(of);
    if (sameShape(tensor.shape, shape)) return tensor;
    if (shapeSize(tensor.shape) !== shapeSize(shape)) {
      throw new Error(`[${tensor.shape}] cannot be viewed as [${shape}]`);
    }
    const source = this.#viewed.get(tensor) ?? tensor;
    if (sameShape(source.shape, shape)) return source;
    const target = shape.length === 0 ? [] : [-1, ...shape.slice(1)];
    const result = this.op('Reshape', [source, this.integers(target)], shape);
    this.#viewed.set(result, source);
    return result;
  }

  /** One ONNX operator with one output. */
  op(
    type: string,
    inputs: readonly OnnxTensor[],
    shape: Shape,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): OnnxTensor {
    return this.ops(type, inputs, [shape], attributes)[0] as OnnxTensor;
  }

  /** One ONNX operator with several outputs. */
  ops(
    type: string,
    inputs: readonly OnnxTensor[],
    shapes: readonly Shape[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): readonly OnnxTensor[] {
    const names = inputs.map(({ name }) => name);
    const key = JSON.stringify([type, names, attributes, shapes]);
    const before = this.#written.get(key);
    if (before) return before;
    const outputs = shapes.map((shape, position) => ({ name: `t${this.nodes.length}_${position}`, shape }));
    for (const output of outputs) this.shapes.set(output.name, output.shape);
    this.nodes.push({ type, inputs: names, outputs: outputs.map(({ name }) => name), attributes });
    this.#written.set(key, outputs);
    return outputs;
  }

  scalar(number: number): OnnxTensor {
    return this.floats(String(number), [], () => Float32Array.of(number));
  }

  /** A list of integers that an operator takes as an input: shapes, axes, sizes. */
  integers(list: readonly number[]): OnnxTensor {
    return this.#constant(`integers ${list}`, [list.length], () => BigInt64Array.from(list, BigInt));
  }

  /** A constant; `key` names its contents, so that they are computed and stored once. */
  floats(key: string, shape: Shape, data: () => Float32Array): OnnxTensor {
    return this.#constant(`floats ${key} ${shape}`, shape, data);
  }

  /** A table for Gather; `key` names its contents. */
  indices(key: string, data: () => Int32Array): OnnxTensor {
    const known = this.#constants.get(`indices ${key}`);
    if (known) return known;
    const table = data();
    return this.#constant(`indices ${key}`, [table.length], () => table);
  }

  #constant(key: string, shape: Shape, data: () => OnnxInitializer['data']): OnnxTensor {
    let tensor = this.#constants.get(key);
    if (!tensor) {
      tensor = { name: `c${this.initializers.length}`, shape };
      this.initializers.push({ ...tensor, data: data() });
      this.#constants.set(key, tensor);
    }
    return tensor;
  }
}

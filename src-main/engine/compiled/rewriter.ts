import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { sameShape, type Attributes, type Node, type Origin, type Value } from './graph';
import type { Kernel } from './kernel';
import { kernelNamed } from './kernelRegistry';

/**
 * Builds the simplified graph. Nodes and constants that were made before are found again (common subexpressions), so G's forward pass of the D
 * update and that of the G update become one.
 */
export class Rewriter {
  readonly nodes: Node[] = [];
  readonly #made = new Map<string, readonly Value[]>();
  readonly #leaves = new Map<string, Value>();
  readonly #constants = new Map<string, readonly { readonly data: Float32Array; readonly value: Value }[]>();
  readonly #producers = new Map<Value, Node>();
  #nextId = 0;

  newValue(shape: Shape, origin: Origin): Value {
    return { id: this.#nextId++, shape, origin };
  }

  /** The outputs of a node with these inputs, made now or before. */
  node(kernel: Kernel, inputs: readonly Value[], attributes: Attributes, shapes: readonly Shape[]): readonly Value[] {
    const key = JSON.stringify([kernel.name, inputs.map(({ id }) => id), attributes, shapes]);
    const before = this.#made.get(key);
    if (before) return before;
    const outputs = shapes.map((shape) => this.newValue(shape, { kind: 'result' }));
    const node = { kernel, inputs, attributes, outputs };
    this.nodes.push(node);
    this.#made.set(key, outputs);
    for (const output of outputs) this.#producers.set(output, node);
    return outputs;
  }

  /** The node that computes a value, or undefined for leaves. */
  producer(value: Value): Node | undefined {
    return this.#producers.get(value);
  }

  splat(number: number, shape: Shape): Value {
    return this.#leaf(`splat ${number} ${shape}`, shape, () => ({ kind: 'splat', number }));
  }

  /** A constant; one number throughout becomes a splat, equal contents one value. */
  constant(data: Float32Array, shape: Shape): Value {
    const number = oneNumber(data);
    if (number !== undefined) return this.splat(number, shape);
    // Tables of large pictures have millions of numbers: found by a hash, told apart by their contents.
    const key = `${shape} ${hashOf(data)}`;
    const alike = this.#constants.get(key) ?? [];
    const known = alike.find(({ data: other }) => other.every((number, index) => Object.is(number, data[index])));
    if (known) return known.value;
    const value = this.newValue(shape, { kind: 'constant', data });
    this.#constants.set(key, [...alike, { data, value }]);
    return value;
  }

  #leaf(key: string, shape: Shape, origin: () => Origin): Value {
    let value = this.#leaves.get(key);
    if (!value) this.#leaves.set(key, (value = this.newValue(shape, origin())));
    return value;
  }

  /** `value` repeated to a larger shape, lazily. */
  broadcast(value: Value, shape: Shape): Value {
    if (sameShape(value.shape, shape)) return value;
    const { origin } = value;
    if (origin.kind === 'splat') return this.splat(origin.number, shape);
    const of = origin.kind === 'broadcast' ? origin.of : value;
    return sameShape(of.shape, shape) ? of : this.newValue(shape, { kind: 'broadcast', of });
  }

  /** What an elementwise kernel may take instead of `value`: the smaller value that it repeats. */
  unbroadcast(value: Value): Value {
    if (value.origin.kind === 'splat') return this.splat(value.origin.number, []);
    return value.origin.kind === 'broadcast' ? value.origin.of : value;
  }

  /** The value in full, for kernels that cannot repeat their operands themselves. */
  materialise(value: Value): Value {
    if (value.origin.kind !== 'splat' && value.origin.kind !== 'broadcast') return value;
    return this.#first(kernelNamed('Expand'), [this.unbroadcast(value)], {}, value.shape);
  }

  reshape(value: Value, shape: Shape): Value {
    if (sameShape(value.shape, shape)) return value;
    const { origin } = value;
    if (origin.kind === 'splat') return this.splat(origin.number, shape);
    if (origin.kind === 'broadcast' && shapeSize(origin.of.shape) === 1) {
      return this.broadcast(this.reshape(origin.of, []), shape);
    }
    const full = this.materialise(value);
    const producer = this.producer(full);
    const source = producer?.kernel.name === 'Reshape' ? (producer.inputs[0] as Value) : full;
    return sameShape(source.shape, shape) ? source : this.#first(kernelNamed('Reshape'), [source], {}, shape);
  }

  #first(kernel: Kernel, inputs: readonly Value[], attributes: Attributes, shape: Shape): Value {
    return this.node(kernel, inputs, attributes, [shape])[0] as Value;
  }
}

/** The number that stands in every place, if one does. A plain loop: gradients of means are of millions of ones. */
function oneNumber(data: Float32Array): number | undefined {
  const [first] = data;
  for (let index = 1; index < data.length; index++) if (data[index] !== first) return undefined;
  return first;
}

/** FNV-1a over the numbers' bits. */
function hashOf(data: Float32Array): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(data.buffer, data.byteOffset, data.length)) {
    hash = Math.imul(hash ^ word, 0x01000193);
  }
  return hash;
}

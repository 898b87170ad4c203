import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Shape } from '#shared/recipe/layerKind';

/** Field numbers and enumerations of onnx.proto (IR version 8), as far as they are written here. */
const DATA_TYPE = { float32: 1, int32: 6, int64: 7 } as const;
const ATTRIBUTE_TYPE = { float: 1, int: 2, graph: 5, ints: 7 } as const;
const IR_VERSION = 8;
/** DirectML runs no newer one. */
const OPSET = 17;

/** A float is told from an integer by its wrapper: ONNX has both, JavaScript one. */
export type OnnxAttribute = number | readonly number[] | { readonly float: number } | { readonly graph: OnnxBranch };

/** A subgraph without inputs of its own: it reads the tensors of the graph around it. */
export interface OnnxBranch {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly output: string;
}

export interface OnnxNode {
  /** One of ONNX's operators, or another domain's as `domain:type`. */
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly shape: Shape;
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

/** A graph's input or output; a string as a side is a size that is free, by name. */
export interface OnnxPort {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModel {
  readonly name: string;
  readonly producer: string;
  /** What a program that opens the model may show. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly initializers: readonly OnnxInitializer[];
  readonly nodes: readonly OnnxNode[];
}

/** The model as the bytes of an .onnx file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  return message((w) => {
    w.tag(1, 0).int64(IR_VERSION);
    w.tag(2, 2).string(model.producer);
    nested(w, 7, (graph) => writeGraph(graph, model));
    for (const domain of ['', ...domainsOf(model.nodes)]) {
      nested(w, 8, (opset) =>
        opset
          .tag(1, 2)
          .string(domain)
          .tag(2, 0)
          .int64(domain ? 1 : OPSET),
      );
    }
    for (const [key, value] of Object.entries(model.metadata)) {
      nested(w, 14, (entry) => entry.tag(1, 2).string(key).tag(2, 2).string(value));
    }
  });
}

/** The domains beside ONNX's own whose operators occur, in branches too. */
function domainsOf(nodes: readonly OnnxNode[]): Set<string> {
  const inBranches = nodes.flatMap(({ attributes }) =>
    Object.values(attributes).flatMap((value) =>
      typeof value === 'object' && 'graph' in value ? [...domainsOf(value.graph.nodes)] : [],
    ),
  );
  const own = nodes.flatMap(({ type }) => (type.includes(':') ? [type.slice(0, type.indexOf(':'))] : []));
  return new Set([...own, ...inBranches]);
}

function writeGraph(w: BinaryWriter, model: OnnxModel): void {
  for (const node of model.nodes) nested(w, 1, (body) => writeNode(body, node));
  w.tag(2, 2).string(model.name);
  for (const initializer of model.initializers) nested(w, 5, (body) => writeInitializer(body, initializer));
  for (const port of model.inputs) nested(w, 11, (body) => writePort(body, port));
  for (const port of model.outputs) nested(w, 12, (body) => writePort(body, port));
}

function writeBranch(w: BinaryWriter, { name, nodes, output }: OnnxBranch): void {
  for (const node of nodes) nested(w, 1, (body) => writeNode(body, node));
  w.tag(2, 2).string(name);
  // Its shape and type are left to the reader's inference.
  nested(w, 12, (port) => port.tag(1, 2).string(output));
}

function writeNode(w: BinaryWriter, { type, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) w.tag(1, 2).string(input);
  for (const output of outputs) w.tag(2, 2).string(output);
  const [operator = '', domain] = type.split(':').toReversed();
  w.tag(3, 2).string(`${operator} → ${outputs.join(' ')}`);
  w.tag(4, 2).string(operator);
  for (const [name, value] of Object.entries(attributes)) {
    nested(w, 5, (body) => writeAttribute(body.tag(1, 2).string(name), value));
  }
  if (domain) w.tag(7, 2).string(domain);
}

function writeAttribute(w: BinaryWriter, value: OnnxAttribute): void {
  if (typeof value === 'number') {
    w.tag(3, 0).int64(value).tag(20, 0).int32(ATTRIBUTE_TYPE.int);
  } else if ('float' in value) {
    w.tag(2, 5).float(value.float).tag(20, 0).int32(ATTRIBUTE_TYPE.float);
  } else if ('graph' in value) {
    nested(w, 6, (graph) => writeBranch(graph, value.graph));
    w.tag(20, 0).int32(ATTRIBUTE_TYPE.graph);
  } else {
    for (const item of value) w.tag(8, 0).int64(item);
    w.tag(20, 0).int32(ATTRIBUTE_TYPE.ints);
  }
}

function writeInitializer(w: BinaryWriter, { name, shape, data }: OnnxInitializer): void {
  for (const side of shape) w.tag(1, 0).int64(side);
  const type = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
  w.tag(2, 0).int32(DATA_TYPE[type]);
  w.tag(8, 2).string(name);
  // ONNX stores little-endian, as do all machines that Node runs on.
  w.tag(9, 2).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writePort(w: BinaryWriter, { name, shape }: OnnxPort): void {
  w.tag(1, 2).string(name);
  nested(w, 2, (type) =>
    nested(type, 1, (tensor) => {
      tensor.tag(1, 0).int32(DATA_TYPE.float32);
      nested(tensor, 2, (dimensions) => {
        for (const side of shape) {
          nested(dimensions, 1, (dimension) => {
            if (typeof side === 'number') dimension.tag(1, 0).int64(side);
            else dimension.tag(2, 2).string(side);
          });
        }
      });
    }),
  );
}

function message(write: (w: BinaryWriter) => unknown): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

function nested(w: BinaryWriter, field: number, write: (w: BinaryWriter) => unknown): void {
  w.tag(field, 2).fork();
  write(w);
  w.join();
}

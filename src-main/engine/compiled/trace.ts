import { fail, GanvasError } from '#shared/contract/errors';
import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import * as tf from '@tensorflow/tfjs-core';
import { installGradients } from '../../gan/gradients';
import type { Graph, Node, Origin, Value } from './graph';
import { kernelNamed, kernelRegistry } from './kernelRegistry';
import { inputOf, type Kernel, type KernelCall } from './kernel';

const BACKEND = 'trace';

/** What the trace in progress has recorded. */
interface Recording {
  readonly values: Value[];
  readonly nodes: Node[];
}

/** A TensorFlow.js backend whose kernels compute nothing and record what was asked of them. */
class TraceBackend extends tf.KernelBackend {
  #recording: Recording = { values: [], nodes: [] };
  #values = new Map<object, { readonly value: Value; references: number }>();

  begin(): void {
    this.#recording = { values: [], nodes: [] };
    this.#values = new Map();
  }

  get nodes(): readonly Node[] {
    return this.#recording.nodes;
  }

  newValue(shape: Shape, origin: Origin): Value {
    const value = { id: this.#recording.values.length, shape: [...shape], origin };
    this.#recording.values.push(value);
    return value;
  }

  infoOf(value: Value): tf.TensorInfo {
    const dataId = {};
    this.#values.set(dataId, { value, references: 1 });
    return { dataId, shape: [...value.shape], dtype: 'float32' };
  }

  valueIn({ dataId }: tf.TensorInfo): Value {
    const held = this.#values.get(dataId);
    if (!held) throw new Error('a tensor from outside was used in a traced function');
    return held.value;
  }

  /** The same value once more, as TensorFlow.js's Identity does it. */
  share(x: tf.TensorInfo): tf.TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  }

  splat(shape: Shape, number: number): tf.TensorInfo {
    return this.infoOf(this.newValue(shape, { kind: 'splat', number }));
  }

  record(kernel: Kernel, call: KernelCall): tf.TensorInfo | tf.TensorInfo[] {
    const recorded = kernel.record?.(call);
    if (!recorded) return fail('engine.unsupported', { kernel: kernel.name });
    const inputs = recorded.inputs.map((input) => this.valueIn(input));
    const outputs = recorded.outputs.map((shape) => this.newValue(shape, { kind: 'result' }));
    this.#recording.nodes.push({ kernel, attributes: recorded.attributes, inputs, outputs });
    const infos = outputs.map((value) => this.infoOf(value));
    return kernel.listed ? infos : (infos[0] as tf.TensorInfo);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    // Integers are the tables of Gather: recorded as float32 like every value, exact up to 2²⁴.
    if (dtype !== 'float32' && dtype !== 'int32') return fail('engine.unsupported', { kernel: `a ${dtype} constant` });
    const data = values ? new Float32Array(values as Float32Array) : new Float32Array(shapeSize(shape));
    return this.infoOf(this.newValue(shape, { kind: 'constant', data })).dataId;
  }

  override numDataIds(): number {
    return this.#values.size;
  }

  override refCount(dataId: object): number {
    return this.#values.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: object): void {
    const held = this.#values.get(dataId);
    if (held) held.references += 1;
  }

  override disposeData(dataId: object, force = false): boolean {
    const held = this.#values.get(dataId);
    if (!held) return true;
    held.references -= 1;
    if (held.references > 0 && !force) return false;
    this.#values.delete(dataId);
    return true;
  }

  override readSync(): tf.BackendValues {
    throw new Error('a traced function read a tensor’s numbers: they exist only when the graph runs');
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.begin();
  }
}

let installed: TraceBackend | undefined;

function traceBackend(): TraceBackend {
  if (installed) return installed;
  const backend = new TraceBackend();
  tf.registerBackend(BACKEND, () => backend, 0);
  const register = (kernelName: string, compute: (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[]) =>
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => compute({ inputs: inputs as KernelCall['inputs'], attrs: attrs ?? {} }),
    });
  for (const kernel of kernelRegistry.values()) {
    // A cast is recorded only where it changes numbers; its own registration stands below.
    if (kernel.record && kernel.name !== 'Cast') register(kernel.name, (call) => backend.record(kernel, call));
  }
  // What needs no node of its own.
  register('Identity', (call) => backend.share(inputOf(call, 'x')));
  register('Cast', (call) => {
    const dtype = call.attrs['dtype'] as tf.DataType;
    if (dtype === 'float32') return { ...backend.share(inputOf(call, 'x')), dtype };
    if (dtype !== 'int32') return fail('engine.unsupported', { kernel: `Cast to ${dtype}` });
    return { ...(backend.record(kernelNamed('Cast'), call) as tf.TensorInfo), dtype };
  });
  register('ZerosLike', (call) => backend.splat(inputOf(call, 'x').shape, 0));
  register('OnesLike', (call) => backend.splat(inputOf(call, 'x').shape, 1));
  register('Fill', ({ attrs }) => backend.splat(attrs['shape'] as number[], Number(attrs['value'])));
  installed = backend;
  return backend;
}

/**
 * Runs `compute` once on stand-ins for its inputs and returns what it would compute. Fails with `engine.unsupported` when it uses a kernel that
 * the compiler cannot express.
 */
export function trace(
  inputs: Readonly<Record<string, Shape>>,
  compute: (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>,
): Graph {
  installGradients();
  const backend = traceBackend();
  const before = tf.engine().backendName;
  void tf.setBackend(BACKEND);
  backend.begin();
  try {
    const graphInputs: Value[] = [];
    const outputs: Graph['outputs'][number][] = [];
    tf.tidy(() => {
      const standIns: Record<string, tf.Tensor> = {};
      for (const [name, shape] of Object.entries(inputs)) {
        const value = backend.newValue(shape, { kind: 'input', name });
        graphInputs.push(value);
        standIns[name] = tf.engine().makeTensorFromTensorInfo(backend.infoOf(value));
      }
      for (const [name, tensor] of Object.entries(compute(standIns))) {
        outputs.push({ name, value: backend.valueIn(tensor) });
      }
    });
    return { inputs: graphInputs, nodes: backend.nodes, outputs };
  } catch (error) {
    throw namedUnsupported(error);
  } finally {
    backend.begin();
    if (before && before !== BACKEND) void tf.setBackend(before);
  }
}

/** TensorFlow.js says in words alone which kernel a backend lacks. */
function namedUnsupported(error: unknown): unknown {
  const kernel = error instanceof Error ? /Kernel '(\w+)' not registered/.exec(error.message)?.[1] : undefined;
  return kernel ? new GanvasError('engine.unsupported', { kernel }) : error;
}

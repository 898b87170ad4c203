import type { Shape } from '#shared/recipe/layerKind';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Emission } from './emission';
import type { Attributes, Node } from './graph';
import type { OnnxTensor } from './onnxTensor';

/** What a kernel call is recorded as. */
interface Recorded<A extends Attributes = Attributes> {
  readonly inputs: readonly TensorInfo[];
  readonly attributes: A;
  readonly outputs: readonly Shape[];
}

/** A call as TensorFlow.js makes it: inputs by name (by index for variadic kernels). */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
}

/** One TensorFlow.js kernel as the compiler knows it. Files in `emit/` export one or a family as `kernels`. */
export interface Kernel<A extends Attributes = Attributes> {
  /** TensorFlow.js's name, or the compiler's own. */
  readonly name: string;
  /** Absent for kernels that only the simplifier makes. */
  readonly record?: (call: KernelCall) => Recorded<A>;
  /** Output shapes that these inputs must have, or a sentence that says why they do not fit: the graph's executable specification. */
  readonly shapes: (inputs: readonly Shape[], attributes: A, outputs: readonly Shape[]) => readonly Shape[] | string;
  /** For elementwise kernels: the same on single numbers. It folds constants and lets operands be broadcast lazily. */
  readonly fold?: (attributes: A, ...operands: readonly number[]) => number;
  /** For kernels whose outputs TensorFlow.js takes as a list, be it of one. */
  readonly listed?: true;
  /** Position of an input that must be a constant, for the emitter reads its numbers. */
  readonly constantInput?: number;
  /**
   * The form that was measured to be mostly the fastest on a CPU, where it is not the first. It is never the one that others are compared with, and devices, on
   * which nothing was measured, begin with the first.
   */
  readonly usualOnCpu?: (attributes: A) => string | undefined;
  /** Ways in which it can be written, the plainest first; {@link Emission.formOf} says which is wanted. Absent where there is one alone. */
  readonly forms?: (attributes: A) => readonly string[];
  /** The ONNX nodes that compute it; one tensor for each output, same elements in the same order, in whatever shape is handy. */
  readonly emit: (node: Node<A>, emission: Emission) => readonly OnnxTensor[];
}

/** Infers a kernel's attribute type. */
export function defineKernel<A extends Attributes>(kernel: Kernel<A>): Kernel<A> {
  return kernel;
}

/** An input that the kernel always has. */
export function inputOf(call: KernelCall, name: string): TensorInfo {
  const input = call.inputs[name];
  if (!input) throw new Error(`a kernel call lacks its input ${name}`);
  return input;
}

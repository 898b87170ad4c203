import * as tf from '@tensorflow/tfjs-core';

type Kernel = (call: {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly backend: unknown;
  readonly attrs?: tf.NamedAttrMap;
}) => tf.TensorInfo | tf.TensorInfo[];

/** Rows and columns that are put around a picture, as `tf.pad` takes them: `[[0, 0], [top, bottom], [left, right], [0, 0]]`. */
type Border = [[0, 0], [number, number], [number, number], [0, 0]];

/** Mends what tfjs-node 4.22's kernels cannot do and this program needs. To be called when they are registered. */
export function mendNativeKernels(backendName: string): void {
  const mend = (kernelName: string, mended: (native: Kernel) => Kernel): void => {
    const native = tf.getKernel(kernelName, backendName).kernelFunc as unknown as Kernel;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc: mended(native) as unknown as tf.KernelFunc });
  };
  // These read a tensor that only its shape is wanted of; a second derivative asks for it when the tensor is disposed of.
  mend(
    'ZerosLike',
    () =>
      ({ inputs: { x } }) =>
        tf.zeros(x?.shape ?? [], x?.dtype),
  );
  mend(
    'OnesLike',
    () =>
      ({ inputs: { x } }) =>
        tf.ones(x?.shape ?? [], x?.dtype),
  );
  mend('Conv2DBackpropFilter', withBorderAround);
  mend('Conv2DBackpropInput', withBorderCutOff);
}

/** An explicit border, which TensorFlow's gradients of convolution do not take; undefined for the others. */
const borderOf = ({ pad }: tf.NamedAttrMap): Border | undefined => (Array.isArray(pad) ? (pad as unknown as Border) : undefined); // prettier-ignore

/** The filter's gradient by the picture with its border. */
const withBorderAround =
  (native: Kernel): Kernel =>
  ({ inputs, backend, attrs = {} }) => {
    const border = borderOf(attrs);
    if (!border) return native({ inputs, backend, attrs });
    return tf.tidy(() => {
      const x = tf.pad(inputs['x'] as tf.Tensor4D, border);
      return native({ inputs: { ...inputs, x }, backend, attrs: { ...attrs, pad: 'valid' } }) as tf.Tensor;
    });
  };

/** The gradient of the picture with its border, without that of the border. */
const withBorderCutOff =
  (native: Kernel): Kernel =>
  ({ inputs, backend, attrs = {} }) => {
    const border = borderOf(attrs);
    if (!border) return native({ inputs, backend, attrs });
    const inner = attrs['inputShape'] as number[];
    const inputShape = inner.map((side, axis) => side + (border[axis]?.[0] ?? 0) + (border[axis]?.[1] ?? 0));
    return tf.tidy(() => {
      const whole = native({ inputs, backend, attrs: { ...attrs, inputShape, pad: 'valid' } }) as tf.Tensor;
      return tf.slice(whole, border.map(([before]) => before), inner); // prettier-ignore
    });
  };

import type { Shape } from '#shared/recipe/layerKind';

/** A tensor of the ONNX graph under construction. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: Shape;
}

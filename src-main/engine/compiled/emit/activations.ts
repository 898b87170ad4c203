import { backend_util } from '@tensorflow/tfjs-core';
import { as, unary } from './elementwise';

/** SELU's constants (Klambauer et al. 2017, equation 14); TensorFlow.js gives their product. */
const gamma = backend_util.SELU_SCALE;
const alpha = backend_util.SELU_SCALEALPHA / gamma;

const elu = (x: number): number => (x > 0 ? x : Math.expm1(x));
const selu = (x: number): number => gamma * (x > 0 ? x : alpha * Math.expm1(x));

/** The error function (Abramowitz and Stegun 1964, 7.1.26), within 1.5e-7: for folding constants, as TensorFlow.js computes it. */
function erf(x: number): number {
  const t = 1 / (1 + backend_util.ERF_P * Math.abs(x));
  const { ERF_A1, ERF_A2, ERF_A3, ERF_A4, ERF_A5 } = backend_util;
  const polynomial = ((((ERF_A5 * t + ERF_A4) * t + ERF_A3) * t + ERF_A2) * t + ERF_A1) * t;
  return Math.sign(x) * (1 - polynomial * Math.exp(-x * x));
}

export const kernels = [
  unary('Elu', elu, as('Elu')),
  // Not ONNX's own Selu, which ONNX Runtime's WebGPU provider lacks.
  unary('Selu', selu, (x, emission) => {
    const curved = as('Elu', { alpha: { float: alpha } })(x, emission);
    return emission.op('Mul', [curved, emission.scalar(gamma)], x.shape);
  }),
  unary('Erf', erf, as('Erf')),
];

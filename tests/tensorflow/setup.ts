import * as tf from '@tensorflow/tfjs-core';
import { eagerBackend } from '../../src-main/engine/eagerBackend';

/**
 * Puts TensorFlow where a test asks for TensorFlow.js's `cpu` backend, so that every comparison of the suite, those to come included, is one between
 * the compiled engine (or PyTorch) and TensorFlow.
 */
const native = await eagerBackend('cpu');
if (native.name !== 'tensorflow')
  throw new Error(`TensorFlow does not load; the eager engine has ${native.info.device}`);
const engine = tf.engine();
const setBackend = engine.setBackend.bind(engine);
engine.setBackend = (name) => setBackend(name === 'cpu' ? native.name : name);
await tf.setBackend('cpu');

import type { Engine } from '../engine';
import { compiledEncoderSession, compiledGeneratorSession } from './loneSession';
import { compiledTrainSession } from './trainSession';

/** Symbolic: the training step is traced once, compiled to an ONNX model and run by ONNX Runtime. */
export const compiled: Engine = {
  id: 'compiled',
  trainSession: compiledTrainSession,
  generatorSession: compiledGeneratorSession,
  encoderSession: compiledEncoderSession,
};

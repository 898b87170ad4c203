import { modelOf } from '../../gan/model';
import type { Networks } from '../../gan/network';
import type { StepCount, StepInputs } from '../../gan/stepInputs';
import type { Ort } from './runtime';
import type { Tensors } from './stepMemory';

/** What a step reads beside the state, as the model's inputs take it. */
export function inputTensors(
  ort: Ort,
  networks: Networks,
  batchSize: number,
  inputs: StepInputs,
  count: StepCount,
): Tensors {
  const model = modelOf(networks.recipe);
  const numbers = model.inputNumbers(networks, inputs, count);
  const tensors = Object.entries(model.inputShapes(networks, batchSize)).map(([name, shape]) => [
    name,
    new ort.Tensor('float32', numbers[name] ?? new Float32Array(0), shape),
  ]);
  return Object.fromEntries(tensors) as Tensors;
}

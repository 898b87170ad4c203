import { sameShape, type Attributes } from '../graph';
import { defineKernel, inputOf } from '../kernel';

/**
 * One of two values, by a flag (above 0: the first). Not TensorFlow.js's: the train step asks for it where a penalty has its turn only now and then.
 * Written as an If whose branches are filled in afterwards (branches.ts), so that what only the other value needs is not computed.
 */
const choose = defineKernel<Attributes>({
  name: 'Choose',
  record: (call) => {
    const inputs = [inputOf(call, 'flag'), inputOf(call, 'when'), inputOf(call, 'whenNot')];
    return { inputs, attributes: {}, outputs: [inputs[1]?.shape ?? []] };
  },
  shapes: ([flag, when, whenNot]) =>
    flag?.length === 0 && when && whenNot && sameShape(when, whenNot) ? [when] : 'its two values are not alike',
  emit: ({ inputs, outputs }, emission) => {
    const [flag, when, whenNot] = inputs;
    const [output] = outputs;
    if (!flag || !when || !whenNot || !output) throw new Error('Choose has three inputs and an output');
    const turn = emission.op('Greater', [emission.view(flag, []), emission.scalar(0)], []);
    return [emission.op('If', [turn, emission.view(when, when.shape), emission.view(whenNot, when.shape)], when.shape)];
  },
});

export const kernels = [choose];

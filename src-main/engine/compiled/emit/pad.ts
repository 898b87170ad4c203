import type { Attributes } from '../graph';
import { defineKernel, inputOf } from '../kernel';

interface Padding extends Attributes {
  /** Places added before and behind, an entry for each axis. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
  readonly number: number;
}

const pad = defineKernel<Padding>({
  name: 'PadV2',
  record: (call) => {
    const x = inputOf(call, 'x');
    const paddings = call.attrs['paddings'] as readonly (readonly [number, number])[];
    const attributes = {
      before: paddings.map(([before]) => before),
      behind: paddings.map(([, behind]) => behind),
      number: Number(call.attrs['constantValue'] ?? 0),
    };
    return {
      inputs: [x],
      attributes,
      outputs: [x.shape.map((side, axis) => side + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0))],
    };
  },
  shapes: ([x = []], { before, behind }) =>
    before.length === x.length
      ? [x.map((side, axis) => side + (before[axis] ?? 0) + (behind[axis] ?? 0))]
      : 'its padding has another rank',
  emit: ({ inputs, outputs, attributes: { before, behind, number } }, emission) =>
    outputs.map(({ shape }) => {
      const [x] = inputs;
      if (!x) throw new Error('PadV2 has no input');
      const operands = [emission.view(x, x.shape), emission.integers([...before, ...behind]), emission.scalar(number)];
      return emission.op('Pad', operands, shape);
    }),
});

export const kernels = [pad];

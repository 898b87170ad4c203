import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { sameShape, type Attributes } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import type { OnnxTensor } from '../onnxTensor';

interface Along extends Attributes {
  readonly axis: number;
}

const withSide = (shape: Shape, axis: number, side: number): Shape =>
  shape.map((own, index) => (index === axis ? side : own));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const concat = defineKernel<Along>({
  name: 'Concat',
  record: (call) => {
    const inputs = Object.values(call.inputs);
    const first = inputOf(call, '0').shape;
    const axis = Number(call.attrs['axis']);
    const side = sum(inputs.map(({ shape }) => shape[axis] ?? 0));
    return { inputs, attributes: { axis }, outputs: [withSide(first, axis, side)] };
  },
  shapes: (inputs, { axis }) => {
    const [first = []] = inputs;
    const alike = inputs.every((shape) => sameShape(withSide(shape, axis, 1), withSide(first, axis, 1)));
    return alike ? [withSide(first, axis, sum(inputs.map((shape) => shape[axis] ?? 0)))] : 'its inputs do not fit';
  },
  emit: ({ inputs, outputs, attributes: { axis } }, emission) =>
    outputs.map(({ shape }) =>
      emission.op(
        'Concat',
        inputs.map((input) => emission.view(input, input.shape)),
        shape,
        { axis },
      ),
    ),
});

const split = defineKernel<Along>({
  name: 'SplitV',
  listed: true,
  record: (call) => {
    const x = inputOf(call, 'x');
    const axis = Number(call.attrs['axis']);
    const parts = call.attrs['numOrSizeSplits'] as number | number[];
    const equal = (count: number) => new Array<number>(count).fill((x.shape[axis] ?? 0) / count);
    const sizes = typeof parts === 'number' ? equal(parts) : parts;
    return { inputs: [x], attributes: { axis }, outputs: sizes.map((size) => withSide(x.shape, axis, size)) };
  },
  shapes: ([x = []], { axis }, outputs) =>
    sum(outputs.map(shapeSize)) === shapeSize(x) &&
    outputs.every((part) => sameShape(part, withSide(x, axis, part[axis] ?? 0)))
      ? outputs
      : 'its parts are not the whole',
  emit: ({ inputs, outputs, attributes: { axis } }, emission) => {
    const [x] = inputs;
    if (!x) throw new Error('SplitV has no input');
    const parts = (whole: OnnxTensor, shapes: readonly Shape[]): readonly OnnxTensor[] => {
      if (shapes.length <= emission.partsAtMost) {
        const sizes = emission.integers(shapes.map((shape) => shape[axis] ?? 0));
        return emission.ops('Split', [whole, sizes], shapes, { axis });
      }
      // First into groups of neighbours, then each group.
      const size = Math.ceil(shapes.length / emission.partsAtMost);
      const groups: (readonly Shape[])[] = [];
      for (let from = 0; from < shapes.length; from += size) groups.push(shapes.slice(from, from + size));
      const together = (group: readonly Shape[]) =>
        withSide(x.shape, axis, sum(group.map((shape) => shape[axis] ?? 0)));
      return parts(whole, groups.map(together)).flatMap((group, index) => {
        const shapesOfGroup = groups[index] ?? [];
        return shapesOfGroup.length === 1 ? [group] : parts(group, shapesOfGroup);
      });
    };
    return parts(
      emission.view(x, x.shape),
      outputs.map(({ shape }) => shape),
    );
  },
});

export const kernels = [concat, split];

import { fail } from '#shared/contract/errors';
import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { gatherPlaces } from '../convolution';
import type { Attributes, Value } from '../graph';
import { defineKernel, inputOf } from '../kernel';

/** Position of the table among Gather's inputs. */
const TABLE = 1;

const withPlaces = (shape: Shape, places: number): Shape => shape.map((side, axis) => (axis === 1 ? places : side));

/** Takes places of axis 1 by a constant table, the same for each picture. */
const gather = defineKernel<Attributes>({
  name: 'GatherV2',
  constantInput: TABLE,
  record: (call) => {
    const [x, indices] = [inputOf(call, 'x'), inputOf(call, 'indices')];
    const supported = call.attrs['axis'] === 1 && !call.attrs['batchDims'] && indices.shape.length === 1;
    if (!supported) fail('engine.unsupported', { kernel: 'GatherV2 along another axis than 1' });
    return { inputs: [x, indices], attributes: {}, outputs: [withPlaces(x.shape, shapeSize(indices.shape))] };
  },
  shapes: ([x = [], table = []]) => (table.length === 1 ? [withPlaces(x, shapeSize(table))] : 'its table is no list'),
  emit: ({ inputs }, emission) => {
    const [x, table] = inputs;
    if (!x || !table) throw new Error('GatherV2 has two inputs');
    const [batch = 1, places = 1] = x.shape;
    const source = emission.view(x, [batch, places, shapeSize(x.shape) / (batch * places)]);
    const indices = emission.indices(`value ${table.id}`, () => numbersOf(table));
    return [gatherPlaces(source, indices, emission)];
  },
});

/** A table's numbers; it is traced as float32 like all constants, which is exact up to 2²⁴ places. */
function numbersOf({ origin, shape }: Value): Int32Array {
  if (origin.kind === 'constant') return Int32Array.from(origin.data);
  if (origin.kind === 'splat') return new Int32Array(shapeSize(shape)).fill(origin.number);
  return fail('engine.unsupported', { kernel: 'GatherV2 with computed indices' });
}

export const kernels = [gather];

import { fail } from '#shared/contract/errors';
import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { gatherPlaces } from '../convolution';
import type { Attributes, Value } from '../graph';
import { defineKernel, inputOf } from '../kernel';

/** Position of the table among Gather's inputs. */
const TABLE = 1;
/** ONNX's number of the type. Not int64, which GatherND would want and WebGPU's shaders lack. */
const INT32 = 6;

interface Tables extends Attributes {
  /** Whether each picture has a table of its own, which may be computed; else one constant table serves all. */
  readonly perPicture: boolean;
}

const withPlaces = (shape: Shape, places: number): Shape => shape.map((side, axis) => (axis === 1 ? places : side));

/** Takes places of axis 1 by a table. */
const gather = defineKernel<Tables>({
  name: 'GatherV2',
  constantInput: TABLE,
  record: (call) => {
    const [x, indices] = [inputOf(call, 'x'), inputOf(call, 'indices')];
    const perPicture = call.attrs['batchDims'] === 1;
    const supported = call.attrs['axis'] === 1 && indices.shape.length === (perPicture ? 2 : 1);
    if (!supported) fail('engine.unsupported', { kernel: 'GatherV2 along another axis than 1' });
    return {
      inputs: [x, indices],
      attributes: { perPicture },
      outputs: [withPlaces(x.shape, indices.shape.at(-1) ?? 0)],
    };
  },
  shapes: ([x = [], table = []], { perPicture }) => {
    if (perPicture && (table.length !== 2 || table[0] !== x[0])) return 'its tables are not one for each picture';
    if (!perPicture && table.length !== 1) return 'its table is no list';
    return [withPlaces(x, table.at(-1) ?? 0)];
  },
  emit: ({ inputs, attributes: { perPicture } }, emission) => {
    const [x, table] = inputs;
    if (!x || !table) throw new Error('GatherV2 has two inputs');
    const [batch = 1, places = 1] = x.shape;
    const source = emission.view(x, [batch, places, shapeSize(x.shape) / (batch * places)]);
    if (!perPicture) {
      const indices = emission.indices(`value ${table.id}`, () => numbersOf(table));
      return [gatherPlaces(source, indices, emission)];
    }
    // One list of all pictures' places: each table goes on where the picture before ends. Only training does this, whose batch is fixed.
    const starts = emission.indices(`${batch} starts of ${places}`, () => Int32Array.from({ length: batch }, (_, picture) => picture * places)); // prettier-ignore
    const own = emission.op('Cast', [emission.view(table, table.shape)], table.shape, { to: INT32 });
    const indices = emission.op('Add', [own, emission.view(starts, [batch, 1])], table.shape);
    const rows = emission.view(source, [batch * places, source.shape[2] ?? 1]);
    return [emission.op('Gather', [rows, indices], withPlaces(source.shape, table.shape[1] ?? 0), { axis: 0 })];
  },
});

/** A table's numbers; it is traced as float32 like all constants, which is exact up to 2²⁴ places. */
function numbersOf({ origin, shape }: Value): Int32Array {
  if (origin.kind === 'constant') return Int32Array.from(origin.data);
  if (origin.kind === 'splat') return new Int32Array(shapeSize(shape)).fill(origin.number);
  return fail('engine.unsupported', { kernel: 'GatherV2 with computed indices' });
}

export const kernels = [gather];

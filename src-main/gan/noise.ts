import { fillRandom, streams } from '#shared/math/random';
import { shapeSize, type NoiseSpec, type Tf } from '#shared/recipe/layerKind';
import type { NetworkName } from '#shared/recipe/model';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Networks } from './network';

/** The passes of a step that draw, and through which network; G's pass of the D update and that of the G update are one and the same. */
const passes = {
  generate: 'generator',
  judgeReal: 'discriminator',
  judgeFake: 'discriminator',
  judgeUpdated: 'discriminator',
  encode: 'encoder',
} as const satisfies Readonly<Record<string, NetworkName>>;
type Pass = keyof typeof passes;
const passNames = Object.keys(passes) as Pass[];

interface Block {
  readonly pass: Pass;
  readonly spec: NoiseSpec;
  readonly offset: number;
  readonly size: number;
}

/**
 * The random numbers that the layers of a step draw (dropout, noise), as one flat vector: pass by pass, layer by layer, `[batch, ...shape]` each. The host
 * fills it, so a run is reproducible and both engines drop the same units.
 */
export class NoisePlan {
  /** Length of the vector; 0 where no layer draws. */
  readonly size: number;
  readonly #blocks: readonly Block[];
  readonly #batchSize: number;

  constructor(networks: Networks, batchSize: number) {
    let offset = 0;
    const blocksOf = (pass: Pass): Block[] =>
      (networks[passes[pass]]?.noises ?? []).map((spec) => {
        const block = { pass, spec, offset, size: batchSize * shapeSize(spec.shape) };
        offset += block.size;
        return block;
      });
    this.#blocks = passNames.flatMap(blocksOf);
    this.size = offset;
    this.#batchSize = batchSize;
  }

  /** The numbers of the step after `seen` pictures: none is drawn twice in a run, and a resumed run draws what an uninterrupted one draws. */
  fill(vector: Float32Array, seed: number, seen: number): Float32Array {
    const start = seen * (this.size / this.#batchSize);
    for (const { spec, offset, size } of this.#blocks) {
      fillRandom(vector.subarray(offset, offset + size), spec.distribution, seed, streams.layers, start + offset);
    }
    return vector;
  }

  /** The vector as a tensor for each noise of each pass. */
  unpack(tf: Tf, vector: Tensor1D | undefined): Readonly<Record<Pass, readonly Tensor[]>> {
    const tensors: Record<Pass, Tensor[]> = {
      generate: [],
      judgeReal: [],
      judgeFake: [],
      judgeUpdated: [],
      encode: [],
    };
    if (this.size === 0) return tensors;
    if (vector?.size !== this.size)
      throw new Error(`a step needs ${this.size} random numbers, not ${vector?.size ?? 0}`);
    const sizes = this.#blocks.map(({ size }) => size);
    tf.split(vector, sizes, 0).forEach((part, index) => {
      const block = this.#blocks[index];
      if (block) tensors[block.pass].push(tf.reshape(part, [this.#batchSize, ...block.spec.shape]));
    });
    return tensors;
  }
}

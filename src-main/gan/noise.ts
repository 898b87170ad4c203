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

/** What a pass draws: a tensor for each noise of its network's layers, and for each picture that D sees where the recipe blurs those. */
interface Drawn {
  readonly layers: readonly Tensor[];
  /** `[N, H, W, C]`, N(0, 1) */
  readonly pictures: Tensor | undefined;
}
export type StepNoise = Readonly<Record<Pass, Drawn>>;

interface Block {
  readonly pass: Pass;
  readonly of: keyof Drawn;
  readonly spec: NoiseSpec;
  readonly offset: number;
  readonly size: number;
}

/**
 * The random numbers of a step's passes (dropout, noise in layers and on pictures), as one flat vector: pass by pass, the pictures' before the layers',
 * `[batch, ...shape]` each. The host fills it, so a run is reproducible and both engines drop the same units.
 */
export class NoisePlan {
  /** Length of the vector; 0 where nothing draws. */
  readonly size: number;
  readonly #blocks: readonly Block[];
  readonly #batchSize: number;

  constructor(networks: Networks, batchSize: number) {
    const { image, discriminatorNoise } = networks.recipe;
    const ofPictures: readonly NoiseSpec[] =
      discriminatorNoise.pictures > 0
        ? [{ shape: [image.size, image.size, image.channels], distribution: 'normal' }]
        : [];
    let offset = 0;
    const blocks = (pass: Pass, of: keyof Drawn, specs: readonly NoiseSpec[]): Block[] =>
      specs.map((spec) => {
        const block = { pass, of, spec, offset, size: batchSize * shapeSize(spec.shape) };
        offset += block.size;
        return block;
      });
    this.#blocks = passNames.flatMap((pass) => {
      const network = networks[passes[pass]];
      const seen = passes[pass] === 'discriminator' && network ? ofPictures : [];
      return [...blocks(pass, 'pictures', seen), ...blocks(pass, 'layers', network?.noises ?? [])];
    });
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

  /** The vector's tensors for each of `parts` equal parts of the batch. */
  unpack(tf: Tf, vector: Tensor1D | undefined, parts = 1): StepNoise[] {
    if (vector?.size !== this.size && this.size > 0) {
      throw new Error(`a step needs ${this.size} random numbers, not ${vector?.size ?? 0}`);
    }
    const tensors = this.#blocks.length === 0 ? [] : this.#divided(tf, vector as Tensor1D, parts);
    return Array.from({ length: parts }, (_, part) => {
      const drawn = (pass: Pass): Drawn => {
        const of = (kind: keyof Drawn) =>
          this.#blocks.flatMap((block, index) =>
            block.pass === pass && block.of === kind ? [tensors[index]?.[part] as Tensor] : [],
          );
        return { layers: of('layers'), pictures: of('pictures')[0] };
      };
      return Object.fromEntries(passNames.map((pass) => [pass, drawn(pass)])) as Record<Pass, Drawn>;
    });
  }

  /** Each block's tensors, one for each part of the batch. */
  #divided(tf: Tf, vector: Tensor1D, parts: number): Tensor[][] {
    const sizes = this.#blocks.map(({ size }) => size);
    return tf.split(vector, sizes, 0).map((flat, index) => {
      const whole = tf.reshape(flat, [this.#batchSize, ...(this.#blocks[index]?.spec.shape ?? [])]);
      return parts === 1 ? [whole] : tf.split(whole, parts);
    });
  }
}

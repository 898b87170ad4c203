import type { Tf } from '#shared/recipe/layerKind';
import type { ReconstructionId } from '#shared/recipe/model';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { collect } from './collect';

/** What a reconstruction is compared by: pictures in −1 … 1, `[N, H, W, C]`. */
export interface ReconstructionInputs {
  readonly pictures: Tensor;
  readonly reconstructed: Tensor;
  /** The numbers that the decoder's last layer squashed to `reconstructed`. */
  readonly logits: Tensor;
}

/** How probable pictures are, given their codes. One file each in `reconstructions/`. */
export interface Reconstruction {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: ReconstructionId;
  /** −log p(x|z), summed over the pixels, mean over the batch: nats a picture. */
  readonly loss: (tf: Tf, inputs: ReconstructionInputs) => Scalar;
}

export const reconstructions = collect<Reconstruction>(
  import.meta.glob(['./reconstructions/*.ts', '!./reconstructions/*.test.ts'], { eager: true }),
);

/** The reconstruction loss of a recipe. */
export function reconstructionOf(kind: ReconstructionId): Reconstruction {
  const reconstruction = reconstructions.get(kind);
  if (!reconstruction) throw new Error(`no reconstruction called ${kind}`);
  return reconstruction;
}

/** Numbers of one picture. */
export const pictureSize = ({ shape }: Tensor): number => shape.slice(1).reduce((product, side) => product * side, 1);

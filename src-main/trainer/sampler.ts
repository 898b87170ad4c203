import { fromErrorData, GanvasError } from '#shared/contract/errors';
import type { PictureBatch, Rendering } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { TrainingMemory } from '../engine/compiled/memory/estimate';
import type { Codes, GeneratorWeights } from '../engine/engine';
import type { AugmentOrder } from './augment';
import type { Latents, SamplerReply, SamplerRequest } from './protocol';
import { WorkerLink } from './workerLink';

/** A generator as it was at a step: what pictures are made by. Compared by identity: a new one for new weights. */
export interface TrainedGenerator {
  readonly recipe: Recipe;
  readonly weights: GeneratorWeights;
}

interface Waiting {
  readonly resolve: (reply: Exclude<SamplerReply, { kind: 'failed' }>) => void;
  readonly reject: (error: GanvasError) => void;
}

/** The sampling worker as the main thread sees it. Requests are answered in their order; weights cross only when they changed. */
export class Sampler {
  readonly #link: WorkerLink<SamplerRequest, SamplerReply>;
  readonly #waiting = new Map<number, Waiting>();
  #loaded: TrainedGenerator | undefined;
  #nextId = 1;

  constructor(workerFile: URL) {
    this.#link = new WorkerLink(workerFile, {
      told: (reply) => this.#told(reply),
      lost: (problem) => this.#lost(problem),
    });
  }

  /** Requests not answered yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  async render(generator: TrainedGenerator, latents: Latents): Promise<Rendering> {
    const reply = await this.#ask(generator, (id) => ({ kind: 'render', id, ...latents }));
    if (reply.kind !== 'rendered') throw new GanvasError('defect', { problem: `${reply.kind} in answer to render` });
    return reply.rendering;
  }

  /** Codes of `count` pictures `[count, H, W, C]` in −1 … 1; `latent.no-encoder` where the generator has none beside it. */
  async encode(generator: TrainedGenerator, pictures: Float32Array, count: number): Promise<Codes> {
    const reply = await this.#ask(generator, (id) => ({ kind: 'encode', id, pictures, count }));
    if (reply.kind !== 'encoded') throw new GanvasError('defect', { problem: `${reply.kind} in answer to encode` });
    return reply.codes;
  }

  /** The generator as an ONNX file: `z` [N, latent] → `pictures` [N, H, W, C]; or its encoder: `pictures` → `mean`, `logVariance` [N, latent]. */
  async onnx(generator: TrainedGenerator, network: 'generator' | 'encoder' = 'generator'): Promise<Uint8Array> {
    const reply = await this.#ask(generator, (id) => ({ kind: 'onnx', id, network }));
    if (reply.kind !== 'onnx') throw new GanvasError('defect', { problem: `${reply.kind} in answer to onnx` });
    return reply.bytes;
  }

  /** What training a recipe would take; see `trainingMemory`, whose failures it passes on. */
  async memory(recipe: Recipe, batchSize: number): Promise<TrainingMemory> {
    const reply = await this.#ask(undefined, (id) => ({ kind: 'memory', id, recipe, batchSize }));
    if (reply.kind !== 'memory') throw new GanvasError('defect', { problem: `${reply.kind} in answer to memory` });
    return reply.memory;
  }

  /** Pictures as D would see them in so many batches. */
  async augment(order: AugmentOrder): Promise<PictureBatch> {
    const reply = await this.#ask(undefined, (id) => ({ kind: 'augment', id, order }));
    if (reply.kind !== 'augmented') throw new GanvasError('defect', { problem: `${reply.kind} in answer to augment` });
    return reply.pictures;
  }

  close(): Promise<void> {
    return this.#link.close({ kind: 'close' });
  }

  #ask(generator: TrainedGenerator | undefined, request: (id: number) => SamplerRequest) {
    return new Promise<Parameters<Waiting['resolve']>[0]>((resolve, reject) => {
      if (generator && this.#loaded !== generator) {
        this.#link.post({ kind: 'load', recipe: generator.recipe, generator: generator.weights });
        this.#loaded = generator;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#link.post(request(id));
    });
  }

  #told(reply: SamplerReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'failed') waiting?.reject(fromErrorData(reply.error));
    else waiting?.resolve(reply);
  }

  #lost(problem: string): void {
    this.#loaded = undefined;
    const error = new GanvasError('latent.worker-lost', { problem });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

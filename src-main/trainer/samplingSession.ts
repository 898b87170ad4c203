import { GanvasError } from '#shared/contract/errors';
import type { Engine } from '../engine/engine';
import { engineFor } from '../engine/engines';

/** One thread: the others are the trainer's. */
export const SAMPLER = { provider: 'cpu', threads: 1 } as const;

/** A session of the compiled engine, or of the eager one for networks that the compiled one cannot express. */
export async function openSamplingSession<Session>(open: (engine: Engine) => Promise<Session>): Promise<Session> {
  try {
    return await open(engineFor('compiled'));
  } catch (error) {
    if (!(error instanceof GanvasError) || error.code !== 'engine.unsupported') throw error;
    return open(engineFor('eager'));
  }
}

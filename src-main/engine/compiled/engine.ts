import { fail } from '#shared/contract/errors';
import type { Engine } from '../engine';

const notYet = (): never => fail('engine.unavailable', { engine: 'compiled', provider: 'cpu', problem: 'being built' });

export const compiled: Engine = {
  id: 'compiled',
  trainSession: async () => notYet(),
  generatorSession: async () => notYet(),
};

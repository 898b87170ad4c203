import type { EngineId } from '#shared/contract/types';
import { compiled } from './compiled/engine';
import { eager } from './eager';
import type { Engine } from './engine';

export { detectProviders, runtimeVersion } from './compiled/runtime';

const engines: Readonly<Record<EngineId, Engine>> = { compiled, eager };

/** The engine of an id. Its libraries load with its first session. */
export function engineFor(id: EngineId): Engine {
  return engines[id];
}

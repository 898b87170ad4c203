import { byNetwork, networkNames, type NetworkName } from '#shared/recipe/model';
import { optimizerSettingsOf, type Recipe } from '#shared/recipe/recipe';
import type { NetworkState, OptimizerStart, TrainingState } from './state';

/** What every run before optimisers could be chosen was trained with. */
const FIRST: OptimizerStart = { kind: 'adam', since: 0 };

/**
 * A state as a session with this recipe takes it up. What one optimiser remembers means nothing to another kind: where the recipe names another than the
 * state was trained with, that network's moments begin anew, and its steps are counted from here.
 */
export function takenUp(
  recipe: Recipe,
  state: TrainingState,
): TrainingState & Required<Pick<TrainingState, 'optimizers'>> {
  const startOf = (network: NetworkName): OptimizerStart => {
    const before = state.optimizers?.[network] ?? FIRST;
    const { kind } = optimizerSettingsOf(recipe, network);
    return kind === before.kind ? before : { kind, since: state.step };
  };
  const vectorsOf = (network: NetworkName): NetworkState => {
    const vectors = state[network] as NetworkState;
    if (startOf(network).since < state.step || state.step === 0) return vectors;
    const none = () => new Float32Array(vectors.weights.length);
    return { ...vectors, firstMoment: none(), secondMoment: none() };
  };
  const names = networkNames(recipe);
  return { ...state, ...byNetwork(names, vectorsOf), optimizers: byNetwork(names, startOf) };
}

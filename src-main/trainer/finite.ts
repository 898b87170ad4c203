import type { NetworkName } from '#shared/recipe/model';
import type { NetworkState, StepResult, TrainingState } from '../engine/engine';
import type { FigureName } from '../gan/model';

/** Which figure of a step is no longer a number, in words; undefined when all are. */
export function nonFiniteLoss(result: StepResult): string | undefined {
  const found = Object.entries(result).find(([, value]) => !Number.isFinite(value));
  return found && figureWords[found[0] as FigureName];
}

const figureWords: Readonly<Record<FigureName, string>> = {
  lossD: 'the discriminator’s loss',
  lossG: 'the generator’s loss',
  dReal: 'D(x)',
  dFake: 'D(G(z))',
  signs: 'the mean sign of the verdicts',
  reconstruction: 'the reconstruction loss',
  kl: 'the KL divergence',
  elbo: 'the lower bound',
  squaredError: 'the squared error',
  activeUnits: 'the count of active units',
};

/** Which part of a state holds something that is no number, in words; undefined when none does. */
export function nonFiniteState({ generator, discriminator, encoder, ema }: TrainingState): string | undefined {
  const part = (network: NetworkName, state: NetworkState | undefined): string | undefined => {
    if (!state) return undefined;
    if (hasNonFinite(state.weights)) return `a weight of the ${network}`;
    if (hasNonFinite(state.running)) return `a running statistic of the ${network}`;
    const moments = hasNonFinite(state.firstMoment) || hasNonFinite(state.secondMoment);
    return moments ? `an optimiser moment of the ${network}` : undefined;
  };
  const average = ema && (hasNonFinite(ema.weights) || hasNonFinite(ema.running));
  return (
    part('discriminator', discriminator) ??
    part('encoder', encoder) ??
    part('generator', generator) ??
    (average ? 'the average of the generator' : undefined)
  );
}

function hasNonFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return true;
  return false;
}

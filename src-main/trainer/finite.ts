import type { NetworkState, StepResult, TrainingState } from '../engine/engine';

/** Which figure of a step is no longer a number, in words; undefined when all are. */
export function nonFiniteLoss({ lossD, lossG, dReal, dFake }: StepResult): string | undefined {
  if (!Number.isFinite(lossD)) return 'the discriminator’s loss';
  if (!Number.isFinite(lossG)) return 'the generator’s loss';
  if (!Number.isFinite(dReal)) return 'D(x)';
  return Number.isFinite(dFake) ? undefined : 'D(G(z))';
}

/** Which part of a state holds something that is no number, in words; undefined when none does. */
export function nonFiniteState({ generator, discriminator, ema }: TrainingState): string | undefined {
  const part = (network: string, state: NetworkState) =>
    hasNonFinite(state.weights)
      ? `a weight of the ${network}`
      : hasNonFinite(state.running)
        ? `a running statistic of the ${network}`
        : hasNonFinite(state.firstMoment) || hasNonFinite(state.secondMoment)
          ? `an optimiser moment of the ${network}`
          : undefined;
  const average = ema && (hasNonFinite(ema.weights) || hasNonFinite(ema.running));
  return (
    part('discriminator', discriminator) ??
    part('generator', generator) ??
    (average ? 'the average of the generator' : undefined)
  );
}

function hasNonFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return true;
  return false;
}

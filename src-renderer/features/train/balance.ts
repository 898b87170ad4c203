import type { GanReport } from '#shared/contract/types';

/** Who is ahead in the two-player game, worst for D's teaching first. */
export type BalanceVerdict = 'early' | 'discriminator-far' | 'discriminator' | 'even' | 'generator' | 'generator-far';

export interface Balance {
  readonly verdict: BalanceVerdict;
  /** −1: the generator fools it always; 0: the discriminator guesses; 1: it is always right. */
  readonly lead: number;
  readonly title: string;
  readonly advice: string;
}

/** Steps before which healthy runs look unbalanced too, so no verdict is given. */
export const WARM_UP_STEPS = 400;
/** Steps that a verdict looks back over. */
const WINDOW_STEPS = 100;

/**
 * Bounds on the lead D(x) − D(G(z)), found on 18 healthy and 9 failed runs: above `far` the discriminator's verdicts are so sure that hardly any
 * gradient reaches the generator. `weakFake` is D(G(z)) above which the discriminator is fooled outright.
 */
const bounds = { far: 0.97, ahead: 0.2, behind: -0.05, weakFake: 0.8 } as const;

const words: Readonly<Record<BalanceVerdict, { readonly title: string; readonly advice: string }>> = {
  early: {
    title: 'Too early to say',
    advice: `In the first ${WARM_UP_STEPS} steps one side is always far ahead. The verdict comes after that.`,
  },
  'discriminator-far': {
    title: 'The discriminator is far ahead',
    advice:
      'It is so sure of every picture that the generator learns little from it. A lower learning rate for D, or a higher one for G, lets G catch up.',
  },
  discriminator: {
    title: 'The discriminator leads',
    advice: 'It tells most pictures apart and still has doubts to learn from. This is how most healthy runs look.',
  },
  even: {
    title: 'Evenly matched',
    advice: 'The discriminator can hardly tell real from generated. Both sides still push each other.',
  },
  generator: {
    title: 'The generator is ahead',
    advice:
      'The discriminator takes generated pictures for real a little more often than real ones. It usually recovers.',
  },
  'generator-far': {
    title: 'The discriminator is fooled',
    advice:
      'It takes nearly every generated picture for real, so its verdicts teach nothing. A higher learning rate for D helps.',
  },
};

function judge(step: number, dReal: number, dFake: number): BalanceVerdict {
  const lead = dReal - dFake;
  if (step < WARM_UP_STEPS) return 'early';
  if (lead > bounds.far) return 'discriminator-far';
  if (dFake > bounds.weakFake) return 'generator-far';
  if (lead < bounds.behind) return 'generator';
  return lead < bounds.ahead ? 'even' : 'discriminator';
}

/** The balance over the last hundred steps of `reports` (oldest first); undefined before the first report. */
export function balanceOf(reports: readonly GanReport[]): Balance | undefined {
  const last = reports.at(-1);
  if (!last) return undefined;
  let first = reports.length - 1;
  while (first > 0 && (reports[first - 1] as GanReport).step > last.step - WINDOW_STEPS) first--;
  const recent = reports.slice(first);
  const mean = (value: (report: GanReport) => number) =>
    recent.reduce((sum, report) => sum + value(report), 0) / recent.length;
  const dReal = mean((report) => report.dReal);
  const dFake = mean((report) => report.dFake);
  if (!Number.isFinite(dReal) || !Number.isFinite(dFake)) return undefined;
  const verdict = judge(last.step, dReal, dFake);
  return { verdict, lead: dReal - dFake, ...words[verdict] };
}

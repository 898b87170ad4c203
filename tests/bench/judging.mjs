// What it is worth that D looks at reals and fakes in one pass instead of two: both steps by turns, each in the forms that are fastest for it, or with --untuned in
// the usual ones. Part of run.mjs.
import { setTimeout as sleep } from 'node:timers/promises';

/** Whose D mixes no pictures: else one pass is another step. */
const cases = [['studio', 32, 16, 32], ['studio', 32, 64, 32], ['studio', 32, 16, 64], ['residual', 32, 16, 32]]; // prettier-ignore
const JUDGINGS = ['apart', 'together'];

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** Forms as they are found, and one choice that is made already. */
class Chosen extends Map {
  judging;
  untuned;

  /** What is known is not tried; and what is known without a form is written as usual. */
  has(problem) {
    return this.untuned || super.has(problem);
  }

  get(problem) {
    return problem.startsWith('Discriminator(') ? this.judging : super.get(problem);
  }
}

function memoryOf(judging, untuned) {
  const known = Object.assign(new Chosen(), { judging, untuned });
  return {
    read: async () => known,
    write: async (_provider, forms) => forms.forEach((form, problem) => known.set(problem, form)),
  };
}

async function timeCase(ganvas, { rounds, steps, threads, provider, untuned }, [family, base, batch, size]) {
  const recipe = ganvas.benchRecipe(family, base, size);
  const period = recipe.regularizer.every ?? 1;
  const inputs = ganvas.trialBatch(recipe, batch, 0);
  const times = { apart: [], together: [] };
  const sessions = {};
  const losses = {};
  for (const judging of JUDGINGS) {
    const engine = { provider, threads, forms: memoryOf(judging, untuned) };
    const session = await ganvas.engineFor('compiled').trainSession(recipe, batch, ganvas.initialState(recipe, 1), engine); // prettier-ignore
    sessions[judging] = session;
    losses[judging] = (await session.step(inputs)).lossD;
  }
  for (let round = 0; round < rounds; round++) {
    for (const judging of JUDGINGS) {
      // Idle workers of the other session's pool spin for a while.
      await sleep(150);
      await sessions[judging].step(inputs);
      const count = Math.ceil(steps / period) * period;
      const began = performance.now();
      for (let step = 0; step < count; step++) await sessions[judging].step(inputs);
      times[judging].push((performance.now() - began) / count);
    }
  }
  for (const session of Object.values(sessions)) await session.close();
  return { apart: median(times.apart), together: median(times.together), difference: Math.abs(losses.apart - losses.together) }; // prettier-ignore
}

/** Prints a row for each case. */
export async function timeJudging(ganvas, options) {
  const column = (text) => String(text).padStart(9);
  console.log(`D's look at reals and fakes, in two passes and in one; ms a step on ${options.provider}, medians of ${options.rounds} rounds.`); // prettier-ignore
  console.log(['case'.padEnd(28), ...['two', 'one', 'one/two', 'Δ loss'].map(column)].join(' '));
  for (const one of cases) {
    const { apart, together, difference } = await timeCase(ganvas, options, one);
    const [family, , batch, size] = one;
    const name = `${family} batch ${batch} ${size}×${size}`.padEnd(28);
    console.log([name, ...[apart.toFixed(1), together.toFixed(1), (together / apart).toFixed(3), difference.toExponential(1)].map(column)].join(' ')); // prettier-ignore
  }
}

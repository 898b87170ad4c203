// How near the forms that are usual on CPUs are to the fastest: every form of every convolution of the cases, timed as the tuner times it. Part of run.mjs.

const least = (trials) => Math.min(...trials.map((trial) => trial?.ms ?? Infinity));

/** The convolutions of all cases, each once. */
function problemsIn(ganvas, cases) {
  const found = new Map();
  for (const [base, batch, size, family = 'dcgan'] of cases) {
    const networks = ganvas.buildNetworks(ganvas.benchRecipe(family, base, size));
    for (const problem of ganvas.problemsOf(ganvas.stepGraph(networks, batch))) found.set(problem.key, problem);
  }
  return [...found.values()];
}

/** Milliseconds of each form, by its name: the least of all rounds, which go by turns. */
async function timeProblem({ timeForms, formsKey }, problem, options, rounds) {
  const [plain, ...others] = problem.candidates;
  const trials = new Map(problem.candidates.map((forms) => [formsKey(forms), []]));
  for (let round = 0; round < rounds; round++) {
    const reference = await timeForms(problem, plain, options);
    trials.get(formsKey(plain)).push(reference);
    for (const forms of others) {
      trials.get(formsKey(forms)).push(await timeForms(problem, forms, options, reference?.results));
    }
  }
  return new Map([...trials].map(([name, all]) => [name, least(all)]));
}

/** Prints each convolution whose usual form is not the plainest, and the sums of all. */
export async function timeUsualForms(ganvas, cases, { rounds, threads }) {
  const options = { provider: 'cpu', threads };
  const problems = problemsIn(ganvas, cases);
  const sums = { plain: 0, usual: 0, fastest: 0 };
  const ratios = new Map();
  console.log(`The forms of ${problems.length} convolutions; ms, the least of ${rounds} rounds.`);
  for (const problem of problems) {
    const ms = await timeProblem(ganvas, problem, options, rounds);
    const [plain, usual] = [problem.candidates[0], ganvas.usualForms(problem, 'cpu')].map(ganvas.formsKey);
    sums.plain += ms.get(plain);
    sums.usual += ms.get(usual);
    sums.fastest += Math.min(...ms.values());
    if (usual === plain) continue;
    const ratio = ms.get(usual) / Math.min(...[...ms].filter(([name]) => name !== usual).map(([, one]) => one));
    ratios.set(usual, [...(ratios.get(usual) ?? []), ratio]);
    console.log(`${ms.get(plain).toFixed(2).padStart(8)} ${ms.get(usual).toFixed(2).padStart(8)} ${ratio.toFixed(2).padStart(6)}  ${usual}: ${problem.key}`); // prettier-ignore
  }
  for (const [usual, all] of ratios) {
    const [low, high] = [Math.min(...all), Math.max(...all)].map((ratio) => ratio.toFixed(2));
    const mean = (all.reduce((sum, ratio) => sum + ratio, 0) / all.length).toFixed(2);
    const slower = all.filter((ratio) => ratio > 1).length;
    console.log(`${usual}, of the best other form's time: ${low} to ${high} in ${all.length}, ${mean} in the mean, above 1 in ${slower}.`); // prettier-ignore
  }
  console.log(`In all: plain ${sums.plain.toFixed(0)} ms, usual ${sums.usual.toFixed(0)} ms, fastest ${sums.fastest.toFixed(0)} ms.`); // prettier-ignore
}

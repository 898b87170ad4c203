// One start in a process of its own, as a program's first of the day is: `node probe.mjs ENTRY HOME PRESET THREADS`. Prints its milliseconds, by
// phase, and those of the processors, which a busy machine does not stretch, as JSON.
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';

const [entry, home, preset, threadsText] = process.argv.slice(2);
const { engineFor, formMemory, initialState, presetRecipe, runtimeVersion } = await import(pathToFileURL(entry).href);
const threads = Number(threadsText);
const recipe = presetRecipe(preset, 3);
const state = initialState(recipe, 1);
const forms = formMemory(home, { cores: availableParallelism(), threads, runtime: runtimeVersion });

const began = performance.now();
const processor = process.cpuUsage();
const phases = [];
const session = await engineFor('compiled').trainSession(
  recipe,
  recipe.training.batchSize,
  state,
  { provider: 'cpu', threads, forms },
  (phase) => {
    if (phases.at(-1)?.phase !== phase) phases.push({ phase, at: performance.now() - began });
  },
);
const ms = performance.now() - began;
const { user, system } = process.cpuUsage(processor);
await session.close();
const until = (index) => phases[index + 1]?.at ?? ms;
console.log(
  JSON.stringify({
    ms,
    cpuMs: (user + system) / 1000,
    phases: phases.map(({ phase, at }, index) => ({ phase, ms: until(index) - at })),
  }),
);

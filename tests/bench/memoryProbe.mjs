/**
 * The most memory that this process held while it compiled and trained a recipe, and the estimate of it: `node memoryProbe.mjs ENTRY CASE`. A process of
 * its own for each case, as memory once taken is seldom given back.
 */
const [entry, text] = process.argv.slice(2);
const ganvas = await import(entry);
const { recipe, batch } = ganvas.memoryCase(text);
/** Enough for a lazy penalty to have had its turn twice, and for what the first steps leave behind to be collected or not. */
const STEPS = 10;

const inputs = ganvas.trialBatch(recipe, batch, 0);
// As at a first start: the forms are found, which takes memory too.
const forms = { read: async () => new Map(), write: async () => undefined };
const options = { provider: 'cpu', threads: 2, forms };
const session = await ganvas.engineFor('compiled').trainSession(recipe, batch, ganvas.initialState(recipe, 1), options);
for (let step = 0; step < STEPS; step++) await session.step(inputs);
// The estimate comes after the measurement, as it takes memory too.
const peak = process.resourceUsage().maxRSS * 1024;
const began = performance.now();
const estimate = ganvas.trainingMemory(recipe, batch);
console.log(JSON.stringify({ peak, estimate, ms: performance.now() - began }));
await session.close();

/** What the benchmark takes from Ganvas; run.mjs builds it as the program itself is built. */
export { trialBatch } from '../../src-main/engine/trial';
export { announceEngines, findNativePackages } from '../../src-main/engine/nativePackages';
export { engineFor } from '../../src-main/engine/engines';
export { openSamplingSession, SAMPLER } from '../../src-main/trainer/samplingSession';
export { formsKey, problemsOf, usualForms } from '../../src-main/engine/compiled/forms';
export { stepGraph } from '../../src-main/engine/compiled/stepModel';
export { timeForms } from '../../src-main/engine/compiled/tune';
export { buildNetworks, initialState } from '../../src-main/gan/network';
export { trainingMemory } from '../../src-main/engine/compiled/memory/estimate';
export { benchRecipe, memoryCase, torchRecipe } from './recipes';

/** What the timing of starts takes from Ganvas; run.mjs builds it as the program itself is built. */
export { engineFor, runtimeVersion } from '../../../src-main/engine/engines';
export { initialState } from '../../../src-main/gan/network';
export { formMemory } from '../../../src-main/store/forms';
export { presetRecipe, presets } from '#shared/recipe/presets';

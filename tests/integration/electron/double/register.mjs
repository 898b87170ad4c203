// Run before the built main bundle (`node --import register.mjs out/main/electron.js`): puts the TEST DOUBLE in Electron's place.
import { registerHooks } from './hooks.mjs';

registerHooks();
// As in Electron, so that what the program decides by it (the decoder) is decided as there.
Object.defineProperty(process.versions, 'electron', { value: 'test double' });

// Imports a folder in a process of its own and says how much memory that took at most, and at its end: `node peak.mjs ENTRY PROJECT FOLDER SIZE`.
import { pathToFileURL } from 'node:url';
import { collectGarbage } from '../../soak/collectGarbage.mjs';

const [entry, project, folder, size] = process.argv.slice(2);
const { importFolder } = await import(pathToFileURL(entry).href);
let held = { heapBytes: 0, bufferBytes: 0 };
const pictures = await importFolder(project, folder, Number(size), ({ phase }) => {
  if (phase !== 'saving') return;
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  held = { heapBytes: heapUsed, bufferBytes: external };
});
console.log(JSON.stringify({ pictures, peakBytes: process.resourceUsage().maxRSS * 1024, ...held }));
process.exit(0);

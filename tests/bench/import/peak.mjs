// Imports a folder in a process of its own and says how much memory it and its decoders took at most, and it alone at its end: `node peak.mjs ENTRY PROJECT FOLDER SIZE`.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { collectGarbage } from '../../soak/collectGarbage.mjs';

const [entry, project, folder, size] = process.argv.slice(2);
const { importFolder } = await import(pathToFileURL(entry).href);
let held = { heapBytes: 0, bufferBytes: 0 };
/** By process number, what each decoder had in memory at most; only Linux tells. */
const decoders = new Map();
const looking = setInterval(lookAtDecoders, 200);
const pictures = await importFolder(project, folder, Number(size), ({ phase }) => {
  if (phase !== 'saving') return;
  lookAtDecoders();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  held = { heapBytes: heapUsed, bufferBytes: external };
});
clearInterval(looking);
const decoderBytes = [...decoders.values()].reduce((sum, bytes) => sum + bytes, 0);
const peakBytes = process.resourceUsage().maxRSS * 1024 + decoderBytes;
console.log(JSON.stringify({ pictures, peakBytes, decoders: decoders.size, decoderBytes, ...held }));
process.exit(0);

function lookAtDecoders() {
  for (const child of read(`/proc/self/task/${process.pid}/children`).split(' ').filter(Boolean)) {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${child}/status`)) ?? [];
    if (kilobytes) decoders.set(child, Number(kilobytes) * 1024);
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

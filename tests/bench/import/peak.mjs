// Imports a folder in a process of its own and says how much memory that took at most: `node peak.mjs ENTRY PROJECT FOLDER SIZE`.
import { pathToFileURL } from 'node:url';

const [entry, project, folder, size] = process.argv.slice(2);
const { importFolder } = await import(pathToFileURL(entry).href);
const pictures = await importFolder(project, folder, Number(size));
console.log(JSON.stringify({ pictures, peakBytes: process.resourceUsage().maxRSS * 1024 }));
process.exit(0);

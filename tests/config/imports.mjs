// Checks the import direction, and that the checker saw the code at all (with some compilers it passes over nothing).
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { createRequire } from 'node:module';

const rules = createRequire(import.meta.url)('./imports.cjs');
const { options, forbidden } = rules;
const FEWEST_MODULES = 60;

const { output } = await cruise(
  ['src-shared', 'src-main', 'src-renderer'],
  { ...options, ruleSet: { forbidden }, validate: true, outputType: 'json' },
  options.enhancedResolveOptions,
  { tsConfig: extractTSConfig(options.tsConfig.fileName) },
);
const { modules, summary } = JSON.parse(output);
const own = modules.filter(({ source }) => source.startsWith('src-'));
for (const { from, to, rule } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
console.log(`imports: ${own.length} modules, ${summary.violations.length} against the rules`);
if (own.length < FEWEST_MODULES) {
  console.error(`Only ${own.length} modules were seen: the checker does not work.`);
  process.exitCode = 1;
}
if (summary.error > 0) process.exitCode = 1;

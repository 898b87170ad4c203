// `npm test`: every check of the project, one after another, and what each counted. Runs all of them even after a failure.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const artifacts = 'tests/artifacts';
const unitReport = join(artifacts, 'unit.json');
const endToEndReport = join(artifacts, 'e2e.json');

/** Runs a command and lets it speak; resolves to whether it succeeded. */
function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function countUnit() {
  const report = readReport(unitReport);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  // A test file that could not even be loaded has no failed test of its own.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function countEndToEnd() {
  const stats = readReport(endToEndReport)?.stats;
  return stats
    ? { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
    : { passed: 0, failed: 1, skipped: 0 };
}

const check = (name, script) => ({ name, run: () => run('npm', ['run', '-s', script]) });
const steps = [
  check('format', 'check:format'),
  check('lint', 'check:lint'),
  check('types', 'check:types'),
  check('imports', 'check:imports'),
  check('unused code', 'check:unused'),
  check('build', 'build'),
  {
    name: 'unit and integration',
    run: () =>
      run('npm', [
        'run',
        '-s',
        'test:unit',
        '--',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ]),
    count: countUnit,
  },
  {
    name: 'end to end',
    run: () =>
      run('npm', ['run', '-s', 'test:e2e', '--', '--reporter=list,json'], {
        PLAYWRIGHT_JSON_OUTPUT_FILE: endToEndReport,
      }),
    count: countEndToEnd,
  },
];

mkdirSync(artifacts, { recursive: true });
for (const report of [unitReport, endToEndReport]) rmSync(report, { force: true });

const total = { passed: 0, failed: 0, skipped: 0 };
const lines = [];
for (const step of steps) {
  console.log(`\n── ${step.name} ──`);
  const ok = await step.run();
  const counted = step.count?.() ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  // A runner that failed without a failed test (a crash, a bad option) has failed all the same.
  if (!ok && counted.failed === 0) counted.failed = 1;
  for (const key of Object.keys(total)) total[key] += counted[key];
  lines.push(
    `${ok ? 'ok    ' : 'FAILED'}  ${step.name}: ${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped`,
  );
}
console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

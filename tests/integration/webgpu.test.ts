import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '#shared/contract/types';
import { softwareGpu } from '../tools/softwareGpu';
import type { StepsReport } from './webgpu/steps';

/**
 * WebGPU proved on a GPU in software: each recipe in a process of its own, one after the other (several sessions of WebGPU at once have crashed). The
 * driver compiles hundreds of programs first, which takes seconds.
 */
const TIMEOUT_MS = 300_000;

const gpu = await softwareGpu();
if ('missing' in gpu) console.log(`skipped: WebGPU on a software GPU (${gpu.missing})`);

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = fileURLToPath(new URL('../artifacts/webgpu', import.meta.url));

/** Runs Node with the software GPU; what it printed. */
async function runNode(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, ...('env' in gpu ? gpu.env : {}), ORT_DISABLE_TELEMETRY: '1' };
  const child = spawn(process.execPath, args, { cwd: root, env });
  let output = '';
  let complaints = '';
  child.stdout.on('data', (text) => (output += String(text)));
  child.stderr.on('data', (text) => (complaints += String(text)));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code ?? signal}: ${complaints}`);
  return output;
}

beforeAll(async () => {
  if ('env' in gpu) await runNode('tests/bench/build.mjs', outDir, 'tests/integration/webgpu/steps.ts');
}, TIMEOUT_MS);

describe.skipIf('missing' in gpu)('on WebGPU, five steps equal those on the CPU, and every node runs there', () => {
  it.each([
    ['trial', { fetchedEachStep: 0, average: false }],
    ['dcgan-32', { fetchedEachStep: 0, average: false }],
    // The flag of the If is looked at by the host.
    ['studio-32', { fetchedEachStep: 1, average: true }],
    ['gradient penalty, two updates of D', { fetchedEachStep: 0, average: true }],
  ])(
    '%s',
    async (recipe, { fetchedEachStep, average }) => {
      const report = JSON.parse(await runNode(`${outDir}/entry.mjs`, recipe)) as StepsReport;
      expect(report.fallen).toEqual([]);
      expect(report.nodes).toBeGreaterThan(5 * 100);
      expect(report.difference).toBeLessThan(1e-3);
      // The weights stay on the device: a step fetches its four figures.
      expect(report.reported).toBe(5 * 4);
      expect(report.fetched).toBe(5 * fetchedEachStep);
      if (average) expect(report.averageDifference).toBeLessThan(1e-4);
      else expect(report.averageDifference).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});

it.skipIf('missing' in gpu)(
  'the examination before a first start finds WebGPU right, and what to take',
  async () => {
    const { findings, best } = JSON.parse(await runNode(`${outDir}/entry.mjs`)) as DoctorReport;
    const statusOf = (provider: string) => findings.find((finding) => finding.provider === provider)?.status;
    expect([statusOf('webgpu'), statusOf('cpu')]).toEqual(['right', 'right']);
    expect(best.engine).toBe('compiled');
  },
  TIMEOUT_MS,
);

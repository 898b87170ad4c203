import { Command } from 'commander';
import type { DoctorFinding, DoctorReport, MachineInfo } from '#shared/contract/types';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('try each engine and provider with real training steps, and compare it with the CPU’s result')
    .option('--last', 'what the last examination found, without a new one')
    .action(async ({ json, last }: { readonly json?: boolean; readonly last?: boolean }) => {
      if (last) {
        const machine = await withStudio((studio) => studio.call('app.machine', {}, 'host'));
        return printResult(json, machine, lastInWords(machine));
      }
      const report = await withStudio((studio) => studio.call('app.doctor', {}, 'host'));
      printResult(json, report, inWords(report));
    });
}

function lastInWords({ automatic, unfinished, report }: MachineInfo): string {
  const taken = unfinished
    ? 'the compiled engine on the CPU, for the program ended amid the last examination'
    : automatic
      ? `${automatic.engine} on ${automatic.provider}`
      : 'found out by the first start';
  return `${report ? `${inWords(report)}\n` : ''}Automatic is ${taken}`;
}

function inWords({ node, platform, cores, findings, best }: DoctorReport): string {
  return [
    `Node ${node} on ${platform}, ${cores} cores`,
    ...findings.map(describe),
    `Best here: ${best.engine} on ${best.provider}`,
  ].join('\n');
}

function describe({ engine, provider, device, status, difference, msPerStep, problem }: DoctorFinding): string {
  const name = `  ${engine.padEnd(9)}${provider.padEnd(8)}`;
  switch (status) {
    case 'right': {
      const speed = msPerStep === undefined ? '' : `, ${msPerStep.toFixed(1)} ms a step`;
      const apart = difference === undefined ? '' : `, within ${difference.toExponential(1)} of the CPU`;
      return `${name}right        ${device}${speed}${apart}`;
    }
    case 'wrong':
      return `${name}wrong        ${device}: ${problem ?? `differs from the CPU by ${difference?.toExponential(1)}`}`;
    case 'unavailable':
      return `${name}unavailable  ${problem ?? device}`;
  }
}

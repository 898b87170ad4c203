import type { Computing, DoctorFinding } from '#shared/contract/types';

/** The fastest that is right, of some findings; what was too slow to be timed comes last. */
export function fastest(findings: readonly DoctorFinding[]): Computing | undefined {
  const speed = ({ msPerStep = Infinity }: DoctorFinding) => msPerStep;
  const [best] = findings.filter(({ status }) => status === 'right').sort((a, b) => speed(a) - speed(b));
  return best && { engine: best.engine, provider: best.provider };
}

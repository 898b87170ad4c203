import type { DoctorFinding } from '#shared/contract/types';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import { providerWords } from '../../app/deviceWords';
import type { Icon } from '../../ui/icon';
import { formatNumber } from '../../ui/format';

interface FindingWords {
  /** Provider, and the engine where it is not the usual one. */
  readonly name: string;
  readonly verdict: string;
  readonly icon: Icon;
  readonly tone: 'ok' | 'stop' | 'quiet';
  /** What a step takes, or why there is nothing to time. */
  readonly detail: string;
}

/** What the doctor found, as it is shown. */
export function findingWords(finding: DoctorFinding): FindingWords {
  const { engine, provider, status, msPerStep, difference, problem } = finding;
  const name = engine === 'compiled' ? providerWords[provider] : `${providerWords[provider]}, TensorFlow.js`;
  switch (status) {
    case 'right': {
      const speed = msPerStep === undefined ? 'too slow to be timed' : `${formatNumber(msPerStep)} ms a step`;
      return { name, verdict: 'right', icon: CircleCheck, tone: 'ok', detail: speed };
    }
    case 'wrong': {
      const apart = problem ?? `differs from the CPU by ${difference?.toExponential(1)}`;
      return { name, verdict: 'wrong', icon: CircleAlert, tone: 'stop', detail: apart };
    }
    case 'unavailable':
      return { name, verdict: 'not here', icon: CircleDashed, tone: 'quiet', detail: problem ?? finding.device };
  }
}

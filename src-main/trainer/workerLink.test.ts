import { expect, it } from 'vitest';
import { WorkerLink } from './workerLink';

interface Message {
  readonly kind: 'echo' | 'die' | 'leave' | 'close';
  readonly text?: string;
}

function link() {
  const told: Message[] = [];
  const lost: string[] = [];
  let heard: (() => void) | undefined;
  const worker = new WorkerLink<Message, Message>(new URL('./testing/echoWorker.mjs', import.meta.url), {
    told: (message) => {
      told.push(message);
      heard?.();
    },
    lost: (problem) => {
      lost.push(problem);
      heard?.();
    },
  });
  const next = () => new Promise<void>((resolve) => (heard = resolve));
  return { worker, told, lost, next };
}

it('starts the worker with its first request, and ends it when asked, which is no loss', async () => {
  const { worker, told, lost, next } = link();
  const answered = next();
  worker.post({ kind: 'echo', text: 'hello' });
  await answered;
  await worker.close({ kind: 'close' });
  await worker.close({ kind: 'close' });
  expect(told).toEqual([{ kind: 'echo', text: 'hello' }]);
  expect(lost).toEqual([]);
});

it('closes when no worker ever ran', async () => {
  await link().worker.close({ kind: 'close' });
});

it.each([
  ['die', 'told to die'],
  ['leave', 'it left with code 7'],
] as const)('tells once of a worker that is lost (%s), and the next request starts another', async (kind, problem) => {
  const { worker, told, lost, next } = link();
  let heard = next();
  worker.post({ kind });
  await heard;
  expect(lost).toEqual([problem]);
  heard = next();
  worker.post({ kind: 'echo', text: 'again' });
  await heard;
  expect(told).toEqual([{ kind: 'echo', text: 'again' }]);
  await worker.close({ kind: 'close' });
});

it('tells of a worker whose file is missing', async () => {
  const lost = await new Promise<string>((resolve) => {
    const missing = new URL('./testing/missing.mjs', import.meta.url);
    new WorkerLink<Message, Message>(missing, { told: () => undefined, lost: resolve }).post({ kind: 'echo' });
  });
  expect(lost).toContain('missing.mjs');
});

import { decode } from '@msgpack/msgpack';
import { beforeEach, expect, test } from 'vitest';
import type { EventMessage } from '#shared/contract/events';
import { limits } from '#shared/contract/limits';
import { Outbox, type Pipe } from './outbox';

/** A socket whose network takes bytes only when told to. */
class SlowPipe implements Pipe {
  bufferedAmount = 0;
  readonly frames: unknown[] = [];
  readonly #sent: (() => void)[] = [];

  send(bytes: Uint8Array, sent: () => void): void {
    this.bufferedAmount += bytes.length;
    this.frames.push(decode(bytes));
    this.#sent.push(sent);
  }

  drain(): void {
    this.bufferedAmount = 0;
    for (const sent of this.#sent.splice(0)) sent();
  }
}

let pipe: SlowPipe;
let outbox: Outbox;
beforeEach(() => {
  pipe = new SlowPipe();
  outbox = new Outbox(pipe);
});

const progress = (jobId: string, done: number): EventMessage => ({
  event: 'job.progress',
  data: { jobId, label: 'Reading', done, total: undefined, secondsLeft: undefined },
});

test('a page that keeps up gets every event, undefined keys left out', () => {
  outbox.event(progress('a', 1));
  outbox.event(progress('a', 2));
  expect(pipe.frames).toEqual([
    { event: 'job.progress', data: { jobId: 'a', label: 'Reading', done: 1 } },
    { event: 'job.progress', data: { jobId: 'a', label: 'Reading', done: 2 } },
  ]);
});

test('a page that stopped reading gets answers, and the newest event of each subject when it reads again', () => {
  outbox.answer({ id: 1, ok: true, result: new Uint8Array(limits.socketBacklogBytes) }, () => undefined);
  expect(outbox.full).toBe(true);
  for (let done = 0; done < 1000; done++) {
    outbox.event(progress('a', done));
    outbox.event(progress('b', done));
  }
  expect(pipe.frames).toHaveLength(1);
  outbox.answer({ id: 2, ok: true, result: 'still answered' }, () => undefined);
  expect(pipe.frames).toHaveLength(2);

  pipe.bufferedAmount = 0;
  outbox.event(progress('c', 0));
  expect(pipe.frames.slice(2)).toMatchObject([
    { data: { jobId: 'a', done: 999 } },
    { data: { jobId: 'b', done: 999 } },
    { data: { jobId: 'c', done: 0 } },
  ]);
});

test('what waits is sent when the network has taken the rest', () => {
  outbox.event({ event: 'training.samples', data: sheet(limits.socketBacklogBytes) });
  outbox.event(progress('a', 1));
  expect(pipe.frames).toHaveLength(1);
  pipe.drain();
  expect(pipe.frames).toHaveLength(2);
});

test('the number of waiting subjects is bounded; the oldest goes', () => {
  outbox.answer({ id: 1, ok: true, result: new Uint8Array(limits.socketBacklogBytes) }, () => undefined);
  for (let job = 0; job <= limits.eventsWaiting; job++) outbox.event(progress(`job ${job}`, 0));
  pipe.bufferedAmount = 0;
  outbox.event(progress('last', 0));
  const waited = pipe.frames.slice(1) as { readonly data: { readonly jobId: string } }[];
  expect(waited).toHaveLength(limits.eventsWaiting);
  expect(waited[0]?.data.jobId).toBe('job 2');
  expect(waited.at(-1)?.data.jobId).toBe('last');
});

function sheet(bytes: number): Extract<EventMessage, { event: 'training.samples' }>['data'] {
  const pixels = new Uint8Array(bytes);
  return {
    projectId: 'p',
    sheet: { runId: 'r', step: 1, pictures: { count: 1, width: 1, height: 1, channels: 1, pixels } },
  };
}

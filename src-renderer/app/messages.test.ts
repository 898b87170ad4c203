import { describe, expect, it } from 'vitest';
import { Messages } from './messages.svelte';

/** A change whose undo and redo take as long as the test wants; `log` tells what was carried out. */
function slowChange(messages: Messages, name: string, log: string[]) {
  const waiting: (() => void)[] = [];
  const carriedOut = (what: string) => async (): Promise<void> => {
    await new Promise<void>((end) => waiting.push(end));
    log.push(`${what} ${name}`);
  };
  messages.did(name, carriedOut('undo'), carriedOut('redo'));
  /** Waits until a step has begun. */
  const begun = (): Promise<void> => expect.poll(() => waiting.length).toBeGreaterThan(0);
  /** Lets the step end that has begun, or will. */
  const end = async (): Promise<void> => {
    await begun();
    waiting.shift()?.();
  };
  return { begun, end };
}

describe('undo and redo in quick succession', () => {
  it('does again what is still being undone', async () => {
    const messages = new Messages();
    const log: string[] = [];
    const { end } = slowChange(messages, 'A', log);
    const both = Promise.all([messages.undo(), messages.redo()]);
    await end();
    await end();
    await both;
    expect(log).toEqual(['undo A', 'redo A']);
    expect([messages.undoable, messages.redoable]).toEqual(['A', undefined]);
  });

  it('undoes two changes for two presses, the later one first', async () => {
    const messages = new Messages();
    const log: string[] = [];
    const a = slowChange(messages, 'A', log);
    const b = slowChange(messages, 'B', log);
    const both = Promise.all([messages.undo(), messages.undo()]);
    await b.end();
    await a.end();
    await both;
    expect(log).toEqual(['undo B', 'undo A']);
    expect([messages.undoable, messages.redoable]).toEqual([undefined, 'A']);
  });

  it('has nothing to do again after a change that was made meanwhile', async () => {
    const messages = new Messages();
    const log: string[] = [];
    const { begun, end } = slowChange(messages, 'A', log);
    const undone = messages.undo();
    await begun();
    messages.did('B', () => undefined);
    await end();
    await undone;
    expect([messages.undoable, messages.redoable]).toEqual(['B', undefined]);
  });

  it('goes on after a step that failed, which can be tried again', async () => {
    const messages = new Messages();
    let tries = 0;
    messages.did('A', () => {
      if (++tries === 1) throw new Error('the disk is full');
    });
    await Promise.all([messages.undo(), messages.undo()]);
    expect(tries).toBe(2);
    expect(messages.undoable).toBeUndefined();
  });

  it('waits for a change that is still being made', async () => {
    const messages = new Messages();
    const log: string[] = [];
    let end = (): void => undefined;
    const made = messages.inTurn(async () => {
      await new Promise<void>((ended) => (end = ended));
      messages.did('A', () => void log.push('undo A'));
    });
    const undone = messages.undo();
    await Promise.resolve();
    end();
    await Promise.all([made, undone]);
    expect(log).toEqual(['undo A']);
  });

  it('keeps what is done again under a change that was made meanwhile', async () => {
    const messages = new Messages();
    const log: string[] = [];
    const { begun, end } = slowChange(messages, 'A', log);
    const undone = messages.undo();
    await end();
    await undone;
    const redone = messages.redo();
    await begun();
    messages.did('B', () => void log.push('undo B'));
    await end();
    await redone;
    expect(messages.undoable).toBe('B');
    await messages.undo();
    expect(messages.undoable).toBe('A');
  });

  it('takes back what was done before the page was loaded once nothing else is left, and does it again', async () => {
    const log: string[] = [];
    const earlier = {
      label: 'Excluded 3 pictures',
      undo: () => void log.push('undo'),
      redo: () => void log.push('redo'),
    };
    let undone = false;
    const messages = new Messages(() =>
      undone ? { undo: undefined, redo: undefined } : { undo: earlier, redo: undefined },
    );
    messages.did('A', () => void log.push('undo A'));
    await messages.undo();
    expect(messages.undoable).toBe('Excluded 3 pictures');
    await messages.undo();
    undone = true;
    await messages.redo();
    expect(log).toEqual(['undo A', 'undo', 'redo']);
    expect(messages.undoable).toBe('Excluded 3 pictures');
  });

  it('knows whether the message that is shown is the change that would be taken back', async () => {
    const messages = new Messages();
    expect(messages.undoesLatest).toBe(false);
    messages.did('A', () => undefined);
    messages.did(
      'B',
      () => undefined,
      () => undefined,
    );
    expect(messages.undoesLatest).toBe(true);
    messages.note('Downloaded x.png');
    expect(messages.undoesLatest).toBe(false);
    await messages.undo();
    expect(messages.undoesLatest).toBe(false);
    await messages.redo();
    expect(messages.undoesLatest).toBe(true);
  });

  it('forgets an error that was settled, and nothing else', () => {
    const messages = new Messages();
    messages.failed(new Error('no'));
    messages.settle();
    expect(messages.latest).toBeUndefined();
    messages.did('B', () => undefined);
    messages.settle();
    expect(messages.latest?.text).toBe('B');
  });

  it('leaves another project alone that was opened before a press had its turn', async () => {
    const messages = new Messages();
    const log: string[] = [];
    const { begun, end } = slowChange(messages, 'A', log);
    const both = Promise.all([messages.undo(), messages.undo()]);
    await begun();
    messages.clear();
    messages.did('B', () => void log.push('undo B'));
    await end();
    await both;
    expect(log).toEqual(['undo A']);
    expect([messages.undoable, messages.redoable, messages.latest?.text]).toEqual(['B', undefined, 'B']);
  });
});

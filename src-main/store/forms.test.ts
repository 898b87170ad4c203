import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorData } from '#shared/contract/errors';
import { formMemory, runFormMemory } from './forms';

const computing = { cores: 8, threads: 4, runtime: () => Promise.resolve('1.30.0') };
const found = (form: string, problem = 'Conv2D 4 8') => new Map([[problem, form]]);
let home: string;
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'ganvas-'))));
afterEach(() => rm(home, { recursive: true }));

describe('the machine’s memory', () => {
  it('remembers the fastest forms of each provider', async () => {
    const memory = formMemory(join(home, 'new'), computing);
    expect((await memory.read('cpu')).size).toBe(0);
    await memory.write('cpu', found('native'));
    await memory.write('webgpu', found('columns'));
    const again = formMemory(join(home, 'new'), computing);
    expect([...(await again.read('cpu'))]).toEqual([['Conv2D 4 8', 'native']]);
    expect([...(await again.read('webgpu'))]).toEqual([['Conv2D 4 8', 'columns']]);
  });

  it.each([
    ['other cores', { ...computing, cores: 2 }],
    ['another number of threads', { ...computing, threads: 2 }],
    ['another ONNX Runtime', { ...computing, runtime: () => Promise.resolve('1.31.0') }],
  ])('keeps what was found with %s apart, and loses neither', async (_, other) => {
    await formMemory(home, computing).write('cpu', found('native'));
    expect((await formMemory(home, other).read('cpu')).size).toBe(0);
    await formMemory(home, other).write('cpu', found('columns'));
    expect([...(await formMemory(home, computing).read('cpu')).values()]).toEqual(['native']);
    expect([...(await formMemory(home, other).read('cpu')).values()]).toEqual(['columns']);
  });

  it('takes the finds of programs at the same time together', async () => {
    const problems = Array.from({ length: 12 }, (_, index) => `problem ${index}`);
    await Promise.all(problems.map((problem) => formMemory(home, computing).write('cpu', found('native', problem))));
    expect([...(await formMemory(home, computing).read('cpu')).keys()].sort()).toEqual(problems.sort());
  });

  it('trusts nothing damaged, and nothing of an older Ganvas, which named no ONNX Runtime', async () => {
    await writeFile(join(home, 'forms.json'), '{"version": 2, "machines": {"cpu": 7');
    expect((await formMemory(home, computing).read('cpu')).size).toBe(0);
    const old = { version: 1, machine: 'linux x64, 8 cores', providers: { cpu: { 'Conv2D 4 8': 'native' } } };
    await writeFile(join(home, 'forms.json'), JSON.stringify(old));
    expect((await formMemory(home, computing).read('cpu')).size).toBe(0);
    await formMemory(home, computing).write('cpu', found('columns'));
    expect([...(await formMemory(home, computing).read('cpu')).values()]).toEqual(['columns']);
  });

  it('does without a home that cannot be written to', async () => {
    await writeFile(join(home, 'file'), '');
    const memory = formMemory(join(home, 'file', 'below'), computing);
    await memory.write('cpu', found('native'));
    expect((await memory.read('cpu')).size).toBe(0);
  });
});

describe('a run’s memory', () => {
  const warnings: ErrorData[] = [];
  const machine = (name = 'machine') => formMemory(join(home, name), computing);
  const ofRun = (machines = machine(), runtime = computing.runtime) =>
    runFormMemory(join(home, 'run'), machines, runtime, (warning) => warnings.push(warning));
  beforeEach(async () => {
    warnings.length = 0;
    await mkdir(join(home, 'run'));
  });

  it('keeps to the forms it was begun with, whatever the machine finds faster later', async () => {
    await machine().write('cpu', found('native'));
    const [begun] = [await ofRun().read('cpu')];
    await ofRun().write('cpu', begun);
    await machine().write('cpu', found('columns'));
    expect([...(await ofRun().read('cpu')).values()]).toEqual(['native']);
    // Nor elsewhere, where nothing was found yet, or something else.
    expect([...(await ofRun(machine('elsewhere')).read('cpu')).values()]).toEqual(['native']);
  });

  it('takes what it lacks from the machine, and tells the machine what was found for it, but not what it came with', async () => {
    await ofRun().write('cpu', found('native'));
    expect([...(await machine().read('cpu')).values()]).toEqual(['native']);
    const elsewhere = machine('elsewhere');
    await elsewhere.write('cpu', found('blocked8', 'another problem'));
    const known = await ofRun(elsewhere).read('cpu');
    expect(Object.fromEntries(known)).toEqual({ 'Conv2D 4 8': 'native', 'another problem': 'blocked8' });
    await ofRun(elsewhere).write('cpu', new Map([...known, ['a third', 'columns']]));
    expect([...(await elsewhere.read('cpu')).keys()]).toEqual(['another problem', 'a third']);
    expect((await ofRun().read('cpu')).size).toBe(3);
  });

  it('begins anew with another ONNX Runtime, and keeps both', async () => {
    await ofRun().write('cpu', found('native'));
    const newer = () => Promise.resolve('1.31.0');
    const machines = formMemory(join(home, 'newer'), { ...computing, runtime: newer });
    expect((await ofRun(machines, newer).read('cpu')).size).toBe(0);
    await ofRun(machines, newer).write('cpu', found('columns'));
    expect([...(await ofRun().read('cpu')).values()]).toEqual(['native']);
  });

  it('says so where its file is damaged, and goes on with the machine’s', async () => {
    await ofRun().write('cpu', found('native'));
    const path = join(home, 'run', 'forms.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -10));
    expect([...(await ofRun().read('cpu')).values()]).toEqual(['native']);
    expect(warnings).toMatchObject([{ code: 'run.forms-damaged', facts: { file: path } }]);
    await writeFile(path, JSON.stringify({ version: 99 }));
    await expect(ofRun().read('cpu')).rejects.toMatchObject({ code: 'project.newer' });
  });
});

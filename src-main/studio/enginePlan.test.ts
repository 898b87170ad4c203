import { describe, expect, it } from 'vitest';
import { nativeEngines } from '#shared/contract/nativeEngines';
import { planOf, shellLine, type BuildTools } from './enginePlan';

const machine: BuildTools = {
  platform: 'linux',
  arch: 'x64',
  node: '/usr/bin/node',
  npm: 'npm',
  python: 'python3',
  compiler: 'c++',
  nvidia: true,
};

describe('adding an engine', () => {
  it.each(nativeEngines)('%s is built on Linux with the usual tools: fetched, built, tried', (engine) => {
    const plan = planOf(engine, machine);
    expect(plan.kind).toBe('build');
    expect(plan.commands.map(({ program }) => program)).toEqual(['npm', 'python3', 'c++', '/usr/bin/node']);
    const [npm, pip, compile] = plan.commands.map(shellLine) as [string, string, string];
    expect(npm).toContain('--ignore-scripts');
    expect(pip).toContain(engine === 'tfjs-node' ? '--no-deps tensorflow-cpu==' : 'tensorflow[and-cuda]==');
    // The libraries are found from where the binding lies, wherever the folder is.
    expect(compile).toContain('$ORIGIN/../../../../../python/tensorflow');
    expect(compile).toContain(`node_modules/@tensorflow/${engine}/lib/napi-v8/tfjs_binding.node`);
  });

  it('takes the other wheel where the processor is another', () => {
    const plan = planOf('tfjs-node', { ...machine, arch: 'arm64' });
    expect(plan.commands.map(shellLine)[1]).toContain(' tensorflow==');
  });

  it.each([
    ['tfjs-node', { platform: 'darwin', arch: 'arm64' }, /builds on Linux, this is darwin arm64/],
    ['tfjs-node', { arch: 'riscv64' }, /linux riscv64/],
    ['tfjs-node', { python: undefined, compiler: undefined }, /needs a Python with pip .* and a C\+\+ compiler/],
    ['tfjs-node', { npm: undefined }, /needs npm$/],
    ['tfjs-node-gpu', { nvidia: false }, /no NVIDIA GPU/],
  ] as const)('%s is left to its owner, with the reason and a command, on %j', (engine, change, obstacle) => {
    const plan = planOf(engine, { ...machine, ...change });
    expect(plan).toMatchObject({ kind: 'byHand', obstacle: expect.stringMatching(obstacle) });
    expect(plan.commands.map(shellLine)).toEqual([expect.stringMatching(`^npm install @tensorflow/${engine}@`)]);
  });

  it('is shown as a shell would take it', () => {
    const line = shellLine({ title: '', program: 'a', args: ['b c', "it's", '-Wl,-rpath,$ORIGIN', 'x=1'] });
    expect(line).toBe(`a 'b c' 'it'\\''s' '-Wl,-rpath,$ORIGIN' x=1`);
  });
});

import { describe, expect, it } from 'vitest';
import { api } from '#shared/contract/api';
import { engineOptions, providersOn, StartChoice } from './startChoice.svelte';

describe('providersOn', () => {
  it('offers what can exist on the system, the CPU always', () => {
    const offered = (platform: string) => providersOn(platform, () => undefined).map(({ value }) => value);
    expect(offered('linux x64')).toEqual(['auto', 'cpu', 'webgpu', 'cuda']);
    expect(offered('win32')).toContain('dml');
    expect(offered('darwin-arm64')).toContain('coreml');
    expect(offered('freebsd')).toEqual(['auto', 'cpu']);
  });

  it('says of each device what was found', () => {
    const finding = { engine: 'compiled', provider: 'webgpu', device: 'GPU', status: 'unavailable', problem: 'no card' } as const; // prettier-ignore
    const offered = providersOn('linux x64', (provider) => (provider === 'webgpu' ? finding : undefined));
    const detailOf = (provider: string) => offered.find(({ value }) => value === provider)?.detail;
    expect(detailOf('webgpu')).toMatch(/not here: no card$/);
    expect(detailOf('cpu')).toBe('Works on every machine');
  });
});

describe('a start’s choices', () => {
  it('tune a run whose seed is drawn, and leave it to the studio where one is given, unless it is said', () => {
    const choice = new StartChoice();
    expect(choice.anew.untuned).toBe(false);
    expect(choice.untunedAfter(undefined)).toBe(false);
    choice.seed = 5;
    expect(choice.anew).not.toHaveProperty('untuned');
    expect(choice.anew.seed).toBe(5);
    expect(choice.untunedAfter(undefined)).toBe(true);
    // Once more with the seed of a run that was tuned: the studio takes over its forms.
    expect(choice.untunedAfter({ runId: '0001', seed: 5, untuned: false })).toBe(false);
    expect(choice.untunedAfter({ runId: '0001', seed: 6, untuned: false })).toBe(true);
    choice.untuned = false;
    expect(choice.anew).toMatchObject({ seed: 5, untuned: false });
    expect(choice.untunedAfter(undefined)).toBe(false);
  });

  it('offer each engine that the contract has', () => {
    const { engine } = api['training.start'].params.shape;
    expect(engineOptions.map(({ value }) => value)).toEqual(engine.unwrap().options);
  });

  it('name engine and device to every run, seed and tuning to a new one alone', () => {
    const choice = new StartChoice();
    choice.engine = 'eager';
    choice.untuned = true;
    expect(choice.onward).toEqual({ engine: 'eager', provider: 'auto', ownProcess: false });
    expect(choice.anew).toEqual({
      engine: 'eager',
      provider: 'auto',
      ownProcess: false,
      seed: choice.seed,
      untuned: true,
    });
  });
});

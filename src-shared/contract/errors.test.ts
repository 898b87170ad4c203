import { describe, expect, it } from 'vitest';
import { fail, fromErrorData, GanvasError, toErrorData } from './errors';

describe('errors', () => {
  it('carry their facts in the words that the user reads', () => {
    expect(() => fail('project.not-found', { path: '/pictures' })).toThrow('/pictures');
  });

  it('survive the way to another process', () => {
    const sent = toErrorData(new GanvasError('project.locked', { pid: 12 }));
    const received = fromErrorData(JSON.parse(JSON.stringify(sent)));
    expect(received).toBeInstanceOf(GanvasError);
    expect(toErrorData(received)).toEqual(sent);
  });

  it('turn anything else that is thrown into a defect, without its stack', () => {
    const data = toErrorData(new TypeError('x is not a function'));
    expect(data.code).toBe('defect');
    expect(JSON.stringify(data)).not.toContain('.ts:');
    expect(toErrorData('a string').code).toBe('defect');
  });

  it('take an unknown code from outside as a defect', () => {
    expect(fromErrorData({ code: 'constructor' as 'defect', facts: {} }).code).toBe('defect');
  });
});

import { describe, expect, it } from 'vitest';
import { GanvasError } from '#shared/contract/errors';
import { videoProblem } from './videoProblem';

const going = { aborted: false };

describe('what went wrong with a video', () => {
  it('is named with the decoder’s own words', () => {
    const problem = videoProblem(new Error('Decoding error.'), 'clip.mp4', going);
    expect(problem).toMatchObject({ code: 'video.damaged', facts: { file: 'clip.mp4', problem: 'Decoding error' } });
    expect(problem.message).toBe('clip.mp4 cannot be read as a video: Decoding error.');
  });

  it('says what came before the damage', () => {
    const problem = videoProblem(new Error('Decoding error'), 'clip.mp4', going, { frames: 41, pictures: 5 });
    expect(problem).toMatchObject({ code: 'video.broken-off', facts: { frame: 41, taken: 5 } });
    expect(problem.hint).toContain('5 pictures');
  });

  it('is no damage when it was cancelled, and what is in words already stays so', () => {
    expect(videoProblem(new Error('Input disposed'), 'clip.mp4', { aborted: true }).code).toBe('job.cancelled');
    const known = new GanvasError('video.no-track', { file: 'clip.mp4' });
    expect(videoProblem(known, 'clip.mp4', going)).toBe(known);
  });
});

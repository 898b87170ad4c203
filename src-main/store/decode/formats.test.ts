import { describe, expect, it } from 'vitest';
import { bitsOf, flagsOf } from '#shared/contract/pictureFlags';
import { formatVariants, VARIANT_SIDE } from '../testing/formats';
import { decodePicture } from './decodePicture';

const variants = await formatVariants();

describe('unusual files become the pixels that they mean', () => {
  it('covers what other programs write', () => expect(variants.length).toBeGreaterThan(35));

  it.each(variants.map((variant) => [variant.name, variant] as const))('%s', async (_, variant) => {
    const outcome = await decodePicture(Uint8Array.from(variant.bytes), { size: VARIANT_SIDE, channels: 3 });
    if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.detail}`);
    const { pixels } = outcome;
    const off = variant.pixels.reduce((most, value, at) => Math.max(most, Math.abs(value - (pixels[at] ?? -999))), 0);
    expect(off).toBeLessThanOrEqual(variant.tolerance);
    const decoders = variant.flags.filter((flag) => flag !== 'grey');
    expect(flagsOf(outcome.flags)).toEqual(flagsOf(bitsOf(decoders)));
    expect(outcome.grey).toBe(pixels.every((value, at) => value === pixels[at - (at % 3)]));
    expect([outcome.width, outcome.height, outcome.more]).toEqual([VARIANT_SIDE, VARIANT_SIDE, undefined]);
  });
});

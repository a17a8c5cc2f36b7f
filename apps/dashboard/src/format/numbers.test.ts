import { describe, expect, it } from 'vitest';
import { bytes, count, duration, milliseconds, percent, plural, points, rate, times } from './numbers.ts';

describe('numbers as they are shown', () => {
  it('counts with three digits and a prefix', () => {
    expect(count(40_813_184, 'MACs')).toBe('40.8 MMACs');
    expect([count(40_813_184), count(272_474), count(812), count(0), count(999_999)]).toEqual([
      '40.8 M',
      '272 k',
      '812',
      '0',
      '1.00 M',
    ]);
  });

  it('never shows what is unknown as a number', () => {
    for (const show of [count, percent, points, milliseconds, duration, rate, bytes]) {
      expect([show(null), show(undefined), show(Number.NaN)]).toEqual(['–', '–', '–']);
    }
    expect([times(1, 0), times(null, 1)]).toEqual(['–', '–']);
  });

  it('gives differences a sign, and none to zero', () => {
    expect([points(-0.0042), points(0.0042), points(0), points(-0.00001)]).toEqual([
      '−0.42 pt',
      '+0.42 pt',
      '±0.00 pt',
      '±0.00 pt',
    ]);
  });

  it('shows shares, ratios and sizes', () => {
    expect([percent(0.9162), percent(-0.5, 0), times(40_813_184, 20_383_714), bytes(1_090_000)]).toEqual([
      '91.62 %',
      '−50 %',
      '2.00×',
      '1.09 MB',
    ]);
  });

  it('shows times in the unit a person would use', () => {
    expect([milliseconds(1.3712), milliseconds(0.5), milliseconds(12_300)]).toEqual([
      '1.37 ms',
      '500 µs',
      '12 s',
    ]);
    expect([duration(0.012), duration(4.56), duration(59.6), duration(192), duration(3600 * 5)]).toEqual([
      '12 ms',
      '4.6 s',
      '1 min 0 s',
      '3 min 12 s',
      '5 h 0 min',
    ]);
  });

  it('counts things in words', () => {
    expect([plural(1, 'run'), plural(1200, 'run'), plural(0, 'entry', 'entries')]).toEqual([
      '1 run',
      '1,200 runs',
      '0 entries',
    ]);
    expect(rate(12_340.4)).toBe('12,340 img/s');
  });
});

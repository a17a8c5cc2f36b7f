import { describe, expect, it } from 'vitest';
import { count, duration, factor, magnitude, milliseconds, percent, plural, points } from './units.ts';

describe('numbers for people', () => {
  it('gives shares the digits that the images can tell apart', () => {
    expect(percent(0.9018, 10_000)).toBe('90.18 %');
    expect(percent(0.903, 1000)).toBe('90.3 %');
    expect(percent(0.9, 10)).toBe('90 %');
    expect(percent(null)).toBe('–');
  });

  it('signs differences, with no sign before zero', () => {
    expect(points(-0.0042)).toBe('−0.42 pt');
    expect(points(0.0042)).toBe('+0.42 pt');
    expect(points(-0.00001)).toBe('0.00 pt');
    expect(points(null)).toBe('–');
  });

  it('gives large counts four digits and a unit', () => {
    expect(magnitude(40_813_184)).toBe('40.81 M');
    expect(magnitude(272_474)).toBe('272.5 k');
    expect(magnitude(4_089_200_000)).toBe('4.089 G');
    expect(magnitude(640)).toBe('640');
    expect(magnitude(999_960)).toBe('1.000 M');
  });

  it('writes factors, times and counts', () => {
    expect(factor(40.8, 20.3)).toBe('2.01x');
    expect(milliseconds(1.374)).toBe('1.37 ms');
    expect(milliseconds(137.4)).toBe('137 ms');
    expect(duration(0.012)).toBe('12 ms');
    expect(duration(8.44)).toBe('8.4 s');
    expect(duration(59.7)).toBe('1 min 0 s');
    expect(duration(192)).toBe('3 min 12 s');
    expect(duration(7320)).toBe('2 h 2 min');
    expect(count(12_340.4)).toBe('12,340');
    expect(plural(1, 'image')).toBe('1 image');
    expect(plural(1000, 'image')).toBe('1,000 images');
  });
});

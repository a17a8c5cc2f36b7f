import { expect, it } from 'vitest';
import { inkOn, sequential } from './colours.ts';

const luminance = (colour: string) => {
  const [r = 0, g = 0, b = 0] = (colour.match(/\d+/g) ?? []).map((text) => {
    const c = Number(text) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

it('gets darker with every step, and its ink always reads (WCAG AA)', () => {
  let last = 1;
  for (let step = 0; step <= 100; step++) {
    const light = luminance(sequential(step / 100));
    expect(light).toBeLessThanOrEqual(last);
    last = light;
    const ink = inkOn(step / 100) === '#ffffff' ? 1 : 0;
    const contrast = (Math.max(light, ink) + 0.05) / (Math.min(light, ink) + 0.05);
    expect(contrast, `step ${step}`).toBeGreaterThanOrEqual(4.5);
  }
});

it('holds at its ends', () => {
  expect([sequential(-3), sequential(Number.NaN), sequential(7)]).toEqual([
    sequential(0),
    sequential(0),
    sequential(1),
  ]);
});

import { expect, it } from 'vitest';
import { inside, layoutOf, linePath, nearest } from './layout.ts';
import type { Plot, Series } from './plot.ts';

const axis = { name: '', format: String, from: 0, to: 10 };
const series = (name: string, points: Series['points']): Series => ({
  name,
  colour: '#000',
  size: 8,
  points,
});
const plot: Plot = {
  ...{ x: axis, y: axis },
  series: [
    series('front', [{ x: 5, y: 5 }]),
    series('a', [
      { x: 0, y: 0, id: 'low', words: ['low'] },
      { x: 10, y: 10, id: 'high', words: ['high'] },
    ]),
    series('b', [{ x: 5, y: 5, id: 'middle', words: ['middle'] }]),
  ],
};
const size = { width: 500, height: 300 };

it('values are drawn from the lower left corner to the upper right one', () => {
  const { frame, across, up } = layoutOf(plot, new Set(), size);
  expect([across(0), up(0)]).toEqual([frame.left, frame.bottom]);
  expect([across(10), up(10)]).toEqual([frame.right, frame.top]);
  expect(frame.left).toBeGreaterThan(0);
  expect(frame.right).toBeLessThan(size.width);
  expect(frame.bottom).toBeLessThan(size.height);
});

it('a second axis makes room for itself, and its series go by it', () => {
  const right = { ...axis, to: 1000 };
  const both = layoutOf({ ...plot, right }, new Set(), size);
  expect(both.frame.right).toBeLessThan(layoutOf(plot, new Set(), size).frame.right);
  expect(both.up(500, true)).toBeCloseTo(both.up(5));
});

it('the pointer finds what is next to it and has something to tell', () => {
  const layout = layoutOf(plot, new Set(), size);
  const { frame, across, up } = layout;
  expect(nearest(layout, frame.left + 3, frame.bottom - 4, 16)?.point.id).toBe('low');
  expect(nearest(layout, across(5), up(5), 16)?.point.id).toBe('middle');
  expect(nearest(layout, across(2), up(8), 16)).toBe(null);
  // What was taken out is not found.
  expect(nearest(layoutOf(plot, new Set(['b']), size), across(5), up(5), 16)).toBe(null);
});

it('a rectangle holds the points inside of it, whichever way it was drawn', () => {
  const layout = layoutOf(plot, new Set(), size);
  const { across, up } = layout;
  const corners = [
    [across(4), up(4)],
    [across(10), up(10)],
  ] as const;
  expect(inside(layout, { from: corners[0], to: corners[1] })).toEqual(['high', 'middle']);
  expect(inside(layout, { from: corners[1], to: corners[0] })).toEqual(['high', 'middle']);
  expect(inside(layout, { from: corners[0], to: corners[0] })).toEqual([]);
});

it('steps turn at once, or not until the next point', () => {
  const points = [
    { x: 0, y: 9 },
    { x: 4, y: 3 },
  ];
  expect(linePath(points)).toBe('M0 9L4 3');
  expect(linePath(points, 'start')).toBe('M0 9V3H4');
  expect(linePath(points, 'end')).toBe('M0 9H4V3');
  expect(linePath([])).toBe('');
});

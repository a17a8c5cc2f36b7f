// What a chart draws, as plain data: pure functions make it, and `Chart` draws it as SVG.
import { extent, nice, ticks } from 'd3-array';

/** A value axis. */
export interface Axis {
  /** Along it. */
  readonly name: string;
  /** How a value is written at it. */
  readonly format: (value: number) => string;
  /** Its ends; left out, they follow what is drawn. */
  readonly from?: number;
  readonly to?: number;
  /** What no value lies beyond: round ends go no further than these. */
  readonly least?: number;
  readonly most?: number;
  /** It marks whole numbers alone. */
  readonly whole?: true;
}

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Of what it stands for: a click, the pointer and a rectangle go by it. */
  readonly id?: string;
  /** Told of it, a line each; left out, nothing is told. */
  readonly words?: readonly string[];
  /** A path in a box of ten by ten; left out, a circle. */
  readonly shape?: string;
  /** It steps back behind the others. */
  readonly faint?: boolean;
}

const DASHES = ['solid', 'dashed', 'dotted'] as const;
export type Dash = (typeof DASHES)[number];

/** Tells lines of one colour apart. */
export function dashOf(nth: number): Dash {
  return DASHES[nth % DASHES.length] ?? 'solid';
}

/** A value's place across, and how far up and down it is uncertain. */
interface ErrorBar {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** Points, and the line through them where `line` says how that is drawn. */
export interface Series {
  readonly name: string;
  /** Any of CSS, also `var(--accent)`. */
  readonly colour: string;
  readonly points: readonly Point[];
  readonly line?: Dash;
  readonly width?: number;
  /** A line of steps: to the height of the next point at once, or not until its place. */
  readonly step?: 'start' | 'end';
  /** Diameter of a point, px; 0 for none. */
  readonly size: number;
  readonly hollow?: true;
  readonly bars?: readonly ErrorBar[];
  /** It goes by the second vertical axis. */
  readonly right?: true;
  /** It has a button in the legend. */
  readonly listed?: true;
}

/** A dashed line across the chart, and what stands at it. */
export interface Mark {
  readonly words: string;
  readonly x?: number;
  readonly y?: number;
  /** At which end of a line across the words stand, away from the points. Default: right. */
  readonly end?: 'left' | 'right';
}

export interface Plot {
  readonly x: Axis;
  readonly y: Axis;
  /** A second vertical axis. */
  readonly right?: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
}

/** A value axis with its ends and what is marked at it. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** @param most about how many values are marked */
export function scaleOf(axis: Axis, values: readonly number[], most: number): Scale {
  const { from, to, least, most: upper, whole } = axis;
  const [first = from ?? 0, last = to ?? first + 1] = extent(values.filter(Number.isFinite));
  let [low, high] = [first, last];
  if (low === high) {
    const margin = Math.abs(low) * 0.1 || 0.5;
    [low, high] = [low - margin, high + margin];
  }
  [low, high] = nice(from ?? low, to ?? high, most);
  // A value that lies beyond all the same is drawn where it is.
  if (least !== undefined) low = Math.max(low, Math.min(least, first));
  if (upper !== undefined) high = Math.min(high, Math.max(upper, last));
  low = from ?? low;
  high = to ?? high;
  const marked = ticks(low, high, most).filter((value) => !whole || Number.isInteger(value));
  return { low, high, ticks: marked };
}

/** The scales of a plot by what its shown series and marks take. */
export function scalesOf(
  { x, y, right, marks = [] }: Plot,
  shown: readonly Series[],
  most: { readonly across: number; readonly up: number },
): { readonly x: Scale; readonly y: Scale; readonly right: Scale | null } {
  const left = shown.filter((series) => !series.right);
  const ys = (of: readonly Series[]) =>
    of.flatMap(({ points, bars = [] }) => [
      ...points.map((point) => point.y),
      ...bars.flatMap(({ low, high }) => [low, high]),
    ]);
  return {
    x: scaleOf(
      x,
      [...shown.flatMap(({ points }) => points.map((point) => point.x)), ...of(marks, 'x')],
      most.across,
    ),
    y: scaleOf(y, [...ys(left), ...of(marks, 'y')], most.up),
    right: right ? scaleOf(right, ys(shown.filter((series) => series.right)), most.up) : null,
  };
}

function of(marks: readonly Mark[], side: 'x' | 'y'): number[] {
  return marks.flatMap((mark) => mark[side] ?? []);
}

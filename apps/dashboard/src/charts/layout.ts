// Where everything of a plot stands in a box of so many pixels.
import { type Axis, type Plot, type Point, type Scale, type Series, scalesOf } from './plot.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The edges of what is drawn in, px from the top left corner of the box. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A point with its place, px. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly point: Point;
  readonly series: Series;
}

export interface Layout {
  readonly plot: Plot;
  readonly frame: Frame;
  readonly scales: ReturnType<typeof scalesOf>;
  /** Without those that were taken out. */
  readonly shown: readonly Series[];
  readonly placed: readonly Placed[];
  /** From values to px. */
  readonly across: (x: number) => number;
  readonly up: (y: number, right?: boolean) => number;
}

/** Px that a marked value takes, across and upwards. */
const TICK = { across: 88, up: 46 } as const;
/** About the width of a digit, px. */
const DIGIT = 6.7;
/** Beside the marked values: the name of the axis. */
const NAME = 34;
const EDGE = { top: 12, right: 24, bottom: 42 } as const;

/** @param hidden names of series that are taken out */
export function layoutOf(plot: Plot, hidden: ReadonlySet<string>, { width, height }: Size): Layout {
  const shown = plot.series.filter(({ name }) => !hidden.has(name));
  const most = (pixels: number, tick: number) => Math.max(2, Math.floor(pixels / tick));
  const scales = scalesOf(plot, shown, {
    across: most(width - 2 * NAME, TICK.across),
    up: most(height - EDGE.top - EDGE.bottom, TICK.up),
  });
  const frame = {
    left: NAME + widest(plot.y, scales.y),
    right: width - (plot.right && scales.right ? NAME + widest(plot.right, scales.right) : EDGE.right),
    top: EDGE.top,
    bottom: height - EDGE.bottom,
  };
  const across = (x: number) => frame.left + shareOf(scales.x, x) * (frame.right - frame.left);
  const up = (y: number, right = false) =>
    frame.bottom - shareOf((right && scales.right) || scales.y, y) * (frame.bottom - frame.top);
  const placed = shown.flatMap((series) =>
    series.points.map((point) => ({
      ...{ x: across(point.x), y: up(point.y, series.right) },
      ...{ point, series },
    })),
  );
  return { plot, frame, scales, shown, placed, across, up };
}

function shareOf({ low, high }: Scale, value: number): number {
  return (value - low) / (high - low);
}

function widest({ format }: Axis, { ticks }: Scale): number {
  return DIGIT * Math.max(1, ...ticks.map((tick) => format(tick).length));
}

/** The point with something to tell that is next to a place, at most `reach` px away. */
export function nearest({ placed }: Layout, x: number, y: number, reach: number): Placed | null {
  let [best, least] = [null as Placed | null, reach];
  for (const each of placed) {
    if (!each.point.words) continue;
    const distance = Math.hypot(each.x - x, each.y - y);
    // Of those at one place the last one is drawn on top.
    if (distance <= least) [best, least] = [each, distance];
  }
  return best;
}

/** Two corners, px. */
export interface Rectangle {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

/** Left and top first. */
export function edgesOf({ from, to }: Rectangle): Frame {
  return {
    left: Math.min(from[0], to[0]),
    right: Math.max(from[0], to[0]),
    top: Math.min(from[1], to[1]),
    bottom: Math.max(from[1], to[1]),
  };
}

/** The ids of the points inside of a rectangle. */
export function inside({ placed }: Layout, rectangle: Rectangle): string[] {
  const { left, right, top, bottom } = edgesOf(rectangle);
  return placed.flatMap(({ x, y, point: { id } }) =>
    id !== undefined && x >= left && x <= right && y >= top && y <= bottom ? [id] : [],
  );
}

/** The path of a line through its points; of one with steps it turns where the step is. */
export function linePath(
  points: readonly { readonly x: number; readonly y: number }[],
  step?: Series['step'],
): string {
  return points
    .map(({ x, y }, at) => {
      if (at === 0) return `M${x} ${y}`;
      if (step === 'start') return `V${y}H${x}`;
      return step === 'end' ? `H${x}V${y}` : `L${x} ${y}`;
    })
    .join('');
}

// Parallel coordinates as plain data: an axis each property, a line each run.
import { extent, nice, ticks } from 'd3-array';

export interface Dimension {
  readonly name: string;
  readonly values: readonly (number | string | null)[];
  readonly format?: (value: number) => string;
}

export interface ParallelAxis {
  readonly name: string;
  /** What is marked on it; places from 0 at the foot to 1 at the head. */
  readonly ticks: readonly { readonly at: number; readonly words: string }[];
  /** Where each run meets it; null for one without a value. */
  readonly places: readonly (number | null)[];
}

const TICKS = 6;

/** Texts are categories at equal distances, in alphabetical order; numbers have round ends. */
export function parallelAxes(dimensions: readonly Dimension[]): ParallelAxis[] {
  return dimensions.map(({ name, values, format = String }) => {
    const texts = [...new Set(values.filter((value) => typeof value === 'string'))].sort();
    if (texts.length > 0) {
      const placeOf = (text: string) => (texts.indexOf(text) + 0.5) / texts.length;
      return {
        name,
        ticks: texts.map((text) => ({ at: placeOf(text), words: text })),
        places: values.map((value) => (typeof value === 'string' ? placeOf(value) : null)),
      };
    }
    const [least = 0, most = 0] = extent(values.filter(isNumber));
    const [low, high] = nice(least, most, TICKS);
    const placeOf = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
    return {
      name,
      ticks: ticks(low, high, TICKS).map((value) => ({ at: placeOf(value), words: format(value) })),
      places: values.map((value) => (isNumber(value) ? placeOf(value) : null)),
    };
  });
}

/** A part of an axis that is kept, from 0 at its foot to 1 at its head. */
export interface Brush {
  readonly low: number;
  readonly high: number;
}

/** The lines that all brushed axes leave in, by their index; null without a brush. A line that lacks a value is left out. */
export function keptLines(
  axes: readonly ParallelAxis[],
  brushes: ReadonlyMap<number, Brush>,
): readonly number[] | null {
  if (brushes.size === 0) return null;
  const [first] = axes;
  return (first?.places ?? []).flatMap((_, line) => {
    const isKept = [...brushes].every(([axis, { low, high }]) => {
      const place = axes[axis]?.places[line] ?? null;
      return place !== null && place >= low && place <= high;
    });
    return isKept ? [line] : [];
  });
}

/** The pieces of a line: it breaks off at an axis on which it lacks a value. */
export function piecesOf(axes: readonly ParallelAxis[], line: number): { axis: number; at: number }[][] {
  const pieces: { axis: number; at: number }[][] = [[]];
  for (const [axis, { places }] of axes.entries()) {
    const at = places[line] ?? null;
    if (at === null) pieces.push([]);
    else pieces.at(-1)?.push({ axis, at });
  }
  return pieces.filter((piece) => piece.length > 0);
}

function isNumber(value: Dimension['values'][number]): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

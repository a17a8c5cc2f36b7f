// Runs as columns, properties as rows: what the page of a comparison shows, as plain data.

type Value = string | number | null;

export interface Property {
  readonly name: string;
  /** The value of each run, in the order of the columns. */
  readonly values: readonly Value[];
  /** How a value is written, in the column of its run. */
  readonly show: (value: Value, column: number) => string;
  /** How a difference to the baseline is written; left out where there is nothing to subtract. */
  readonly delta?: (difference: number) => string;
  /** Which way is better, for what can be better. */
  readonly better?: 'higher' | 'lower';
  /** Which of the runs this cannot be better or worse of: what saves more has the harder task. Left out: of none. */
  readonly unjudged?: (column: number, baseline: number) => boolean;
}

interface DifferenceCell {
  readonly text: string;
  /** Against the baseline, with its sign; null in the baseline's column and where one of both is unknown. */
  readonly delta: string | null;
  readonly verdict: 'better' | 'worse' | 'same' | null;
}

export interface DifferenceRow {
  readonly name: string;
  readonly cells: readonly DifferenceCell[];
}

/** The rows of a comparison against one of its columns; `onlyDifferent` leaves out what all runs share. */
export function differenceRows(
  properties: readonly Property[],
  baseline: number,
  onlyDifferent: boolean,
): DifferenceRow[] {
  return properties
    .filter(({ values }) => !onlyDifferent || new Set(values).size > 1)
    .map((property) => ({
      name: property.name,
      cells: property.values.map((_, column) => cellOf(property, column, baseline)),
    }));
}

function cellOf(property: Property, column: number, baseline: number): DifferenceCell {
  const value = property.values[column] ?? null;
  const text = property.show(value, column);
  const against = property.values[baseline];
  if (column === baseline || !property.delta || typeof value !== 'number' || typeof against !== 'number') {
    return { text, delta: null, verdict: null };
  }
  const difference = value - against;
  const unjudged = property.unjudged?.(column, baseline) ?? false;
  const verdict = unjudged ? null : verdictOf(difference, property.better);
  return { text, delta: property.delta(difference), verdict };
}

function verdictOf(difference: number, better: Property['better']): DifferenceCell['verdict'] {
  if (!better) return null;
  if (difference === 0) return 'same';
  return difference > 0 === (better === 'higher') ? 'better' : 'worse';
}

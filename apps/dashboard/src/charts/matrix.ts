import type { ShownMetric } from '#src/format/quality.ts';
import type { PrunedGroup } from '#src/runs/result-fields.ts';

// What a heat map of a contribution matrix shows: plain data, ready to be drawn.

/** Rows are channel groups, columns ratios; NaN is what is no finite number. */
export interface Matrix {
  /** By what the cells were judged. */
  readonly metric: ShownMetric;
  readonly groups: readonly string[];
  readonly grid: readonly number[];
  readonly values: readonly (readonly number[])[];
  readonly drop: readonly (readonly number[])[];
  readonly monotoneDrop: readonly (readonly number[])[];
  readonly contribution: readonly (readonly number[])[];
  readonly standardError: readonly (readonly number[])[];
}

type Cells = readonly (readonly (number | null)[] | null)[];

/** As the API gives it. */
type GivenMatrix = Pick<Matrix, 'groups' | 'grid'> &
  Readonly<Record<'values' | 'drop' | 'monotoneDrop' | 'contribution' | 'standardError', Cells>>;

export function matrixOf(given: GivenMatrix, metric: ShownMetric): Matrix {
  const numbers = (cells: Cells) => cells.map((row) => (row ?? []).map((cell) => cell ?? Number.NaN));
  return {
    ...{ metric, groups: given.groups, grid: given.grid, values: numbers(given.values) },
    ...{ drop: numbers(given.drop), monotoneDrop: numbers(given.monotoneDrop) },
    ...{ contribution: numbers(given.contribution), standardError: numbers(given.standardError) },
  };
}

export type MatrixView = 'drop' | 'monotone' | 'contribution' | 'values';

/** The last one is called by the metric. */
export const MATRIX_VIEWS: readonly { readonly view: MatrixView; readonly name: string | null }[] = [
  { view: 'monotone', name: 'Drop (smoothed)' },
  { view: 'drop', name: 'Drop as measured' },
  { view: 'contribution', name: 'Share of total drop' },
  { view: 'values', name: null },
];

interface MatrixCell {
  readonly value: number;
  /** 0 harmless .. 1 harmful: its place on the colour map. */
  readonly harm: number;
  /** The grid's ratio next to what the structure removes. */
  readonly chosen: boolean;
}

/** The row whose group causes most of the damage first, or as the groups are in the network. */
export const MATRIX_ORDERS = {
  contribution: 'by contribution, largest first',
  position: 'by position in the network',
} as const;
export type MatrixOrder = keyof typeof MATRIX_ORDERS;

export interface MatrixRow {
  readonly group: string;
  /** Its row of the matrix. */
  readonly index: number;
  /** 1: it contributes most. */
  readonly rank: number;
  readonly cells: readonly MatrixCell[];
}

/** Units of a channel group before and after. */
export type GroupWidth = Pick<PrunedGroup, 'group' | 'before' | 'after'>;

/** The rows of a view, in the order of the matrix; `structure` outlines what was chosen of each group. */
export function matrixRows(
  matrix: Matrix,
  view: MatrixView,
  structure: readonly GroupWidth[] = [],
): MatrixRow[] {
  const values = valuesOf(matrix, view);
  const { harmless, harmful } = harmScale(matrix, view);
  const span = harmful - harmless || 1;
  const widths = new Map(structure.map((each) => [each.group, each]));
  const ranks = ranksOf(matrix);
  return matrix.groups.map((group, row) => {
    const chosen = chosenColumn(matrix, widths.get(group));
    return {
      ...{ group, index: row, rank: ranks[row] ?? 0 },
      cells: (values[row] ?? []).map((value, column) => ({
        value,
        // A network whose outputs are no numbers any more is as bad as can be.
        harm: Number.isFinite(value) ? clamp((value - harmless) / span) : 1,
        chosen: column === chosen,
      })),
    };
  });
}

export function inOrder(rows: readonly MatrixRow[], order: MatrixOrder): MatrixRow[] {
  return order === 'position' ? [...rows] : [...rows].sort((a, b) => a.rank - b.rank);
}

/**
 * The place of each row by its share of the total drop, meant over all ratios. A group that breaks the network somewhere
 * comes before those that do not; of equal ones the first in the network.
 */
function ranksOf({ contribution, monotoneDrop }: Matrix): number[] {
  const broken = (row: number) => (monotoneDrop[row] ?? []).filter((cell) => !Number.isFinite(cell)).length;
  const share = (row: number) => (contribution[row] ?? []).reduce((sum, cell) => sum + (cell || 0), 0);
  const places = contribution.map((_, row) => row);
  places.sort((a, b) => broken(b) - broken(a) || share(b) - share(a) || a - b);
  return contribution.map((_, row) => places.indexOf(row) + 1);
}

/** The values at the ends of the colour map; both are 0 where no cell is a finite number. */
export function harmScale(
  matrix: Matrix,
  view: MatrixView,
): { readonly harmless: number; readonly harmful: number } {
  const flat = valuesOf(matrix, view).flat().filter(Number.isFinite);
  if (flat.length === 0) return { harmless: 0, harmful: 0 };
  const [low, high] = [Math.min(...flat), Math.max(...flat)];
  // What is better where it is higher is harmful where it is low.
  if (view === 'values' && matrix.metric.direction === 'HIGHER') return { harmless: high, harmful: low };
  return { harmless: Math.min(0, low), harmful: Math.max(0, high) };
}

function valuesOf(matrix: Matrix, view: MatrixView): readonly (readonly number[])[] {
  return view === 'monotone' ? matrix.monotoneDrop : matrix[view];
}

/** The share of a group that is gone; null where all of it is left. */
export function removedShare(width: GroupWidth | undefined): number | null {
  return width && width.after < width.before ? 1 - width.after / width.before : null;
}

/** The column whose ratio is next to what is removed of a group; −1 where nothing is. */
export function chosenColumn({ grid }: Pick<Matrix, 'grid'>, width: GroupWidth | undefined): number {
  const share = removedShare(width);
  if (share === null) return -1;
  let best = 0;
  for (const [index, ratio] of grid.entries()) {
    if (Math.abs(ratio - share) < Math.abs((grid[best] ?? 0) - share)) best = index;
  }
  return best;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

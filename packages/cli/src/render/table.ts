import Table from 'cli-table3';
import { onStdout } from './colour.ts';

interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table without lines: the columns' alignment is enough. Ends without a line break. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    head: columns.map(({ title }) => onStdout.dim(title)),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A column of what `listing` shows. */
export interface Listed<Row> extends Column {
  /** @param at the row's place, from 0 */
  readonly cell: (row: Row, at: number) => string;
}

/** A column of words. */
export function left<Row>(title: string, cell: Listed<Row>['cell']): Listed<Row> {
  return { title, cell };
}

/** A column of numbers. */
export function right<Row>(title: string, cell: Listed<Row>['cell']): Listed<Row> {
  return { title, align: 'right', cell };
}

/** A table with a line for each of `rows`: every column says what it shows of it. */
export function listing<Row>(rows: readonly Row[], columns: readonly Listed<Row>[]): string {
  return table(
    columns,
    rows.map((row, at) => columns.map(({ cell }) => cell(row, at))),
  );
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of up to `width` characters for a share 0..1; anything above 0 is seen. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const drawn = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return drawn === '' && share > 0 ? '▏' : drawn;
}

/** Kept and removed part of a width: "█████░░░". */
export function keptBar(kept: number, whole: number, width: number): string {
  const full = Math.min(width, Math.max(1, Math.round((kept / whole) * width)));
  return '█'.repeat(full) + onStdout.dim('░'.repeat(width - full));
}

/** Long names lose their middle: both ends of a layer's name tell something. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (length - 1 - head))}`;
}

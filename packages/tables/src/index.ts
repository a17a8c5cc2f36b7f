import { csv } from './csv.ts';
import { html } from './html.ts';
import { latex } from './latex.ts';
import { markdown } from './markdown.ts';
import type { Column, Row, Writer } from './table.ts';

export { escapeHtml } from './html.ts';
export type { Column, Row, Writer } from './table.ts';
export {
  changeIn,
  magnitude,
  milliseconds,
  percent,
  percentOf,
  points,
  speedup,
  spreadIn,
  times,
  type Unit,
  valueIn,
} from './words.ts';

export const WRITERS = { csv, markdown, latex, html } as const satisfies Readonly<Record<string, Writer>>;

/** All of a table. */
export function written(writer: Writer, columns: readonly Column[], rows: readonly Row[]): string {
  return [writer.head(columns), ...rows.map((row) => writer.row(columns, row)), writer.tail].join('');
}

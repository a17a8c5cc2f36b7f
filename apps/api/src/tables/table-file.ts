import { type Column, type Row, WRITERS } from '@espalier/tables';

/** A table that is all here. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** One that programs read, all of it, and one that a page of a paper has room for. */
export interface TwoTables {
  readonly data: Table;
  readonly paper: Table;
}

/** By what a table's address ends with; JSON has an object a line. */
export const FORMATS = {
  csv: { mediaType: 'text/csv; charset=utf-8', writer: WRITERS.csv },
  ndjson: {
    mediaType: 'application/x-ndjson',
    writer: { head: () => '', row: (_columns: unknown, row: Row) => `${JSON.stringify(row)}\n`, tail: '' },
  },
  md: { mediaType: 'text/markdown; charset=utf-8', writer: WRITERS.markdown },
  tex: { mediaType: 'application/x-tex; charset=utf-8', writer: WRITERS.latex },
} as const;
export type Format = keyof typeof FORMATS;

export function isFormat(text: string | undefined): text is Format {
  return text !== undefined && Object.hasOwn(FORMATS, text);
}

/** Markdown and LaTeX are for people. */
export function isForPaper(format: Format): boolean {
  return format === 'md' || format === 'tex';
}

/** Columns whose heads are their keys. */
export function plainColumns(keys: readonly string[]): Column[] {
  return keys.map((key) => ({ key, head: key }));
}

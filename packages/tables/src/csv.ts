import { plain } from './cell.ts';
import type { Writer } from './table.ts';

/** RFC 4180, with line feeds alone: keys as heads, numbers with all their digits, nothing for null. */
export const csv: Writer = {
  head: (columns) => line(columns.map(({ key }) => key)),
  row: (columns, row) => line(columns.map(({ key }) => value(row[key]))),
  tail: '',
};

/** A spreadsheet takes text that begins so for a formula: such text gets a quote in front. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u;

function value(given: unknown): string {
  if (given === null || given === undefined) return '';
  const text = plain(given);
  return typeof given !== 'number' && FORMULA.test(text) ? `'${text}` : text;
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\n`;
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

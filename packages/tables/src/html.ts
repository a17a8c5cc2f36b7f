import { cellWords, inOneLine } from './cell.ts';
import type { Column, Writer } from './table.ts';

/** A table of a page: cells are text, whatever they say. */
export const html: Writer = {
  head: (columns) =>
    `<table><thead><tr>${columns.map((column) => cell('th scope="col"', 'th', column, inOneLine(column.head))).join('')}</tr></thead><tbody>\n`,
  row: (columns, row) =>
    `<tr>${columns.map((column) => cell('td', 'td', column, cellWords(column, row))).join('')}</tr>\n`,
  tail: '</tbody></table>\n',
};

function cell(open: string, close: string, { right }: Column, text: string): string {
  return `<${open}${right ? ' class="right"' : ''}>${escapeHtml(text)}</${close}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Text stays text, between tags and in an attribute with quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

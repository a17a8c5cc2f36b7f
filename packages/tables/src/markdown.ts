import { cellWords, inOneLine } from './cell.ts';
import type { Writer } from './table.ts';

/** A table as GitHub's dialect has it. */
export const markdown: Writer = {
  head: (columns) =>
    [
      line(columns.map(({ head }) => escaped(inOneLine(head)))),
      line(columns.map(({ right }) => (right ? '---:' : '---'))),
    ].join(''),
  row: (columns, row) => line(columns.map((column) => escaped(cellWords(column, row)))),
  tail: '',
};

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/** Text stays text: no cell ends early, nothing of it is a tag, a link, an image or emphasis. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll(/[\\|`*_[\]<>~$]/g, '\\$&');
}

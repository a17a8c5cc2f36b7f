import { cellWords, inOneLine } from './cell.ts';
import type { Writer } from './table.ts';

/** A `tabular` with the rules of package booktabs; it needs no other one. */
export const latex: Writer = {
  head: (columns) =>
    [
      '% needs \\usepackage{booktabs}',
      `\\begin{tabular}{${columns.map(({ right }) => (right ? 'r' : 'l')).join('')}}`,
      '\\toprule',
      line(columns.map(({ head }) => escaped(inOneLine(head)))),
      '\\midrule',
      '',
    ].join('\n'),
  row: (columns, row) => `${line(columns.map((column) => escaped(cellWords(column, row))))}\n`,
  tail: '\\bottomrule\n\\end{tabular}\n',
};

function line(cells: readonly string[]): string {
  // Behind a row's end a bracket would be read as a length.
  return `${cells.map((cell) => (cell.startsWith('[') ? `{}${cell}` : cell)).join(' & ')} \\\\`;
}

/** What TeX reads as a command, and what its usual fonts have under another name. */
const WRITTEN: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '"': '\\textquotedbl{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '`': '\\textasciigrave{}',
  '−': '$-$',
  '×': '$\\times$',
  '±': '$\\pm$',
  '·': '$\\cdot$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
  '→': '$\\to$',
  '…': '\\ldots{}',
  '–': '--',
  µ: '$\\mu$',
  α: '$\\alpha$',
  β: '$\\beta$',
  λ: '$\\lambda$',
};

function escaped(text: string): string {
  return [...text].map((letter) => WRITTEN[letter] ?? letter).join('');
}

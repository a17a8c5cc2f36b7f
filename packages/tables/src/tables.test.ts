import { expect, it } from 'vitest';
import { type Column, speedup, WRITERS, written } from './index.ts';

const COLUMNS: readonly Column[] = [
  { key: 'name', head: 'Strategy' },
  {
    key: 'top1',
    head: 'Top-1 & all',
    right: true,
    words: (value: number) => `${(value * 100).toFixed(2)} %`,
  },
  { key: 'tags', head: 'Tags' },
];

it('CSV keeps values as they are, and text that a spreadsheet would compute is text', () => {
  const text = written(WRITERS.csv, COLUMNS, [
    { name: '=cmd()', top1: 0.91625, tags: ['a', 'b,c'] },
    { name: 'a "quoted"\nname', top1: -0.5, tags: [] },
    { name: '\t=1', top1: null, tags: true },
    { name: '\uff1dSUM(1)', top1: 0, tags: '-1' },
  ]);
  expect(text).toBe(
    `name,top1,tags\n'=cmd(),0.91625,"a; b,c"\n"a ""quoted""\nname",-0.5,\n'\t=1,,yes\n'\uff1dSUM(1),0,'-1\n`,
  );
});

it('Markdown has heads, sides and words, and no cell ends its row or makes a tag', () => {
  const text = written(WRITERS.markdown, COLUMNS, [
    { name: 'cie_l1', top1: 0.91625, tags: null },
    {
      name: '<img src=x onerror=alert(1)> | a\n| b | [x](javascript:1) `c` *d* &lt; \\',
      top1: null,
      tags: ['k'],
    },
  ]);
  expect(text.split('\n')).toEqual([
    '| Strategy | Top-1 &amp; all | Tags |',
    '| --- | ---: | --- |',
    '| cie\\_l1 | 91.63 % | – |',
    '| \\<img src=x onerror=alert(1)\\> \\| a \\| b \\| \\[x\\](javascript:1) \\`c\\` \\*d\\* &amp;lt; \\\\ | – | k |',
    '',
  ]);
});

it('LaTeX is a tabular in which whatever people typed is text', () => {
  const text = written(WRITERS.latex, COLUMNS, [
    { name: '\\input{/etc/passwd} 50 % of a_b & $x^2$ #1 ~', top1: 0.5, tags: null },
    { name: '[2cm] 2.00× −0.4 ± 1 “ü”\n\\\\', top1: null, tags: ['{', '}'] },
  ]);
  expect(text.split('\n')).toEqual([
    '% needs \\usepackage{booktabs}',
    '\\begin{tabular}{lrl}',
    '\\toprule',
    'Strategy & Top-1 \\& all & Tags \\\\',
    '\\midrule',
    '\\textbackslash{}input\\{/etc/passwd\\} 50 \\% of a\\_b \\& \\$x\\textasciicircum{}2\\$ \\#1 \\textasciitilde{} & 50.00 \\% & -- \\\\',
    '{}[2cm] 2.00$\\times$ $-$0.4 $\\pm$ 1 “ü” \\textbackslash{}\\textbackslash{} & -- & \\{; \\} \\\\',
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ]);
  // Every brace has its partner, and every row as many cells as the head.
  const rows = text.split('\n').slice(5, 7);
  for (const row of rows) expect(row.match(/(?<!\\)&/g)).toHaveLength(2);
});

it.each([
  [2.01, 1.9, 2.1, '2.01× (1.90 to 2.10)'],
  [0.85, 0.81, 0.88, '0.85× (0.81 to 0.88), slower'],
  [1.01, 0.99, 1.03, '1.01× (0.99 to 1.03), no difference shows'],
  [0.97, null, null, '0.97×, slower'],
  [1.5, null, null, '1.50×'],
])('a ratio of times has its interval, and says what is slower: %f', (ratio, low, high, words) => {
  expect(speedup(ratio, low, high)).toBe(words);
});

it('HTML has no tag that a text makes', () => {
  const text = written(WRITERS.html, COLUMNS, [
    { name: `<script>alert('1')</script> & "x"`, top1: 0.5, tags: null },
  ]);
  expect(text).toBe(
    '<table><thead><tr><th scope="col">Strategy</th><th scope="col" class="right">Top-1 &amp; all</th><th scope="col">Tags</th></tr></thead><tbody>\n' +
      '<tr><td>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot;</td><td class="right">50.00 %</td><td>–</td></tr>\n' +
      '</tbody></table>\n',
  );
});

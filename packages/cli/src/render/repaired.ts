import type { Standing } from '@espalier/pipeline';
import type { RepairReport } from '../stages/repairing.ts';
import { onStdout } from './colour.ts';
import { comparedRows, leftLines } from './pruned.ts';
import { table } from './table.ts';
import { count, duration, fileSize, loss, magnitude, percent, plural, points } from './units.ts';

export function repairText({ before, pruned, repaired, repair, seconds, out }: RepairReport): string {
  const columns = [before, pruned, repaired];
  const n = before.n ?? undefined;
  const row = (name: string, value: (one: Standing) => string, change = '') => [
    name,
    ...columns.map(value),
    change,
  ];
  const change = (repaired.top1 ?? 0) - (before.top1 ?? 0);
  const titles = ['base', 'as cut', 'repaired'].map((title) => ({ title, align: 'right' as const }));
  return [
    table(
      [{ title: '' }, ...titles, { title: '' }],
      [
        row('params', (one) => magnitude(one.params)),
        row('bytes', (one) => fileSize(one.bytes)),
        row('MACs', (one) => magnitude(one.macs)),
        ...(before.top1 === null
          ? []
          : [
              row('top-1', (one) => percent(one.top1, n), points(change, n)),
              row('loss', (one) => loss(one.loss)),
            ]),
        ...comparedRows(columns),
      ],
    ),
    onStdout.dim(
      `${before.top1 === null ? 'outputs compared' : 'accuracy'} on ${count(before.n ?? 0)} test images; ${plural(repair.layers.length, 'layer')} repaired with ${plural(repair.images, 'training image')} in ${duration(seconds.repair ?? 0)}`,
    ),
    ...leftLines(repair).map((line) => onStdout.dim(line)),
    `written to ${out}`,
  ].join('\n');
}

import type { DemoResults, DemoRow } from '../demo/results.ts';
import { onStdout } from './colour.ts';
import { type Column, table } from './table.ts';
import { count, duration, factor, magnitude, milliseconds, percent, points, UNKNOWN } from './units.ts';

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'as cut', align: 'right' },
  { title: 'recalibrated', align: 'right' },
  { title: '', align: 'right' },
  { title: 'params', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'MACs saved', align: 'right' },
  { title: 'latency', align: 'right' },
  { title: 'speedup', align: 'right' },
];

/** A table for each target, the base on top. */
export function demoText(results: DemoResults): string {
  const { base, rows, recalibration, seconds, provenance } = results;
  const shares = [...new Set(rows.map(({ requested }) => requested))];
  const { n } = base.quality;
  return [
    ...shares.flatMap((share) => [
      onStdout.bold(`${Math.round(share * 100)} % of the MACs to remove`),
      targetTable(
        results,
        rows.filter(({ requested }) => requested === share),
      ),
      '',
    ]),
    finetuningLine(results),
    '',
    onStdout.dim(
      `top-1 on ${count(n)} test images; recalibrated: BatchNorm statistics of ${count(recalibration.images)} training images;`,
    ),
    onStdout.dim(
      `latency: median of ${count(base.timing.repeats)} runs, one image, ${provenance.engine?.description ?? ''}; random: uniform widths, random units`,
    ),
    onStdout.dim(`${duration(seconds.total ?? 0)} in all, ${duration(seconds.sampling ?? 0)} of it sampling`),
    '',
    results.note,
  ].join('\n');
}

function finetuningLine({ base, rows, finetuning }: DemoResults): string {
  const { strategy, requested, steps, batch, quality, seconds } = finetuning;
  const row = rows.find((one) => one.strategy.name === strategy && one.requested === requested);
  const before = row
    ? `${percent(row.asCut.top1)} as cut, ${percent(row.recalibrated.top1)} recalibrated, `
    : '';
  return `${strategy} at ${Math.round(requested * 100)} %: ${before}${onStdout.bold(percent(quality.top1))} after ${count(steps)} steps of ${batch} images (${duration(seconds)}), ${points(quality.top1 - base.quality.top1)} against the base`;
}

function targetTable({ base }: DemoResults, rows: readonly DemoRow[]): string {
  const { quality, timing } = base;
  const best = Math.max(...rows.map(({ recalibrated }) => recalibrated.top1));
  return table(COLUMNS, [
    [
      'base',
      percent(quality.top1, quality.n),
      UNKNOWN,
      '',
      magnitude(base.params),
      magnitude(base.macs),
      UNKNOWN,
      milliseconds(timing.latencyMs.p50),
      '',
    ],
    ...rows.map((row) => [
      row.strategy.name,
      percent(row.asCut.top1, row.asCut.n),
      row.recalibrated.top1 === best
        ? onStdout.bold(percent(best, row.recalibrated.n))
        : percent(row.recalibrated.top1, row.recalibrated.n),
      points(row.recalibrated.top1 - quality.top1, row.recalibrated.n),
      magnitude(row.params),
      magnitude(row.macs),
      `${percent(row.achieved.macs)} ${onStdout.dim(factor(base.macs, row.macs))}`,
      milliseconds(row.timing.latencyMs.p50),
      `${row.speedup.toFixed(2)}x`,
    ]),
  ]);
}

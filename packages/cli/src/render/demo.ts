import type { DemoResults, DemoRow } from '../demo/results.ts';
import { onStdout } from './colour.ts';
import { speedupWords } from './speedup.ts';
import { left, listing, right } from './table.ts';
import { count, duration, factor, magnitude, milliseconds, percent, points, UNKNOWN } from './units.ts';

/** A table for each target, the base on top. */
export function demoText(results: DemoResults): string {
  const { base, rows, repair, seconds, provenance } = results;
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
      `top-1 on ${count(n)} test images; repaired: with ${count(repair.images)} training images without their labels;`,
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
  const before = row ? `${percent(row.asCut.top1)} as cut, ${percent(row.repaired.top1)} repaired, ` : '';
  return `${strategy} at ${Math.round(requested * 100)} %: ${before}${onStdout.bold(percent(quality.top1))} after ${count(steps)} steps of ${batch} images (${duration(seconds)}), ${points(quality.top1 - base.quality.top1)} against the base`;
}

/** A line for the base, then one for each row. */
function targetTable({ base }: DemoResults, rows: readonly DemoRow[]): string {
  const { quality } = base;
  const best = Math.max(...rows.map(({ repaired }) => repaired.top1));
  const repaired = ({ repaired: { top1, n } }: DemoRow) =>
    top1 === best ? onStdout.bold(percent(top1, n)) : percent(top1, n);
  return listing<DemoRow | null>(
    [null, ...rows],
    [
      left('', (row) => row?.strategy.name ?? 'base'),
      right('as cut', (row) => percent((row?.asCut ?? quality).top1, (row?.asCut ?? quality).n)),
      right('repaired', (row) => (row ? repaired(row) : UNKNOWN)),
      right('', (row) => (row ? points(row.repaired.top1 - quality.top1, row.repaired.n) : '')),
      right('params', (row) => magnitude((row ?? base).params)),
      right('MACs', (row) => magnitude((row ?? base).macs)),
      right('MACs saved', (row) =>
        row ? `${percent(row.achieved.macs)} ${onStdout.dim(factor(base.macs, row.macs))}` : UNKNOWN,
      ),
      right('latency', (row) => milliseconds((row ?? base).timing.latencyMs.p50)),
      right('speedup', (row) => (row ? speedupWords(row.speedup) : '')),
    ],
  );
}

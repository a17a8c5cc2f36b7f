import type { Standing } from '@espalier/pipeline';
import type { TrainingReport } from '../stages/finetuning.ts';
import { onStdout } from './colour.ts';
import { listing, right, table } from './table.ts';
import { count, duration, fileSize, loss, magnitude, percent, plural, points } from './units.ts';

export function trainingText(report: TrainingReport, title: string): string {
  const { before, after, epochs, seconds, out, provenance, steps } = report;
  return [
    onStdout.bold(title),
    '',
    standings(before, after),
    onStdout.dim(`accuracy on ${count(after.n ?? 0)} test images, after the last epoch`),
    '',
    epochTable(epochs),
    '',
    onStdout.dim(
      `${plural(steps, 'step')} of ${plural(report.recipe.batch, 'image')}, ${duration(seconds.train ?? 0)} of training, ${provenance.engine?.description ?? ''}`,
    ),
    `written to ${out}`,
  ].join('\n');
}

function standings(before: Standing | null, after: Standing): string {
  const columns = before ? [before, after] : [after];
  const n = after.n ?? undefined;
  const change = before?.top1 !== undefined && before.top1 !== null && after.top1 !== null;
  const rows = [
    ['params', ...columns.map((one) => magnitude(one.params)), ''],
    ['bytes', ...columns.map((one) => fileSize(one.bytes)), ''],
    ['MACs', ...columns.map((one) => magnitude(one.macs)), ''],
    [
      'top-1',
      ...columns.map((one) => percent(one.top1, n)),
      change ? points((after.top1 ?? 0) - (before?.top1 ?? 0), n) : '',
    ],
    ...(after.top5 === null ? [] : [['top-5', ...columns.map((one) => percent(one.top5, n)), '']]),
    ['loss', ...columns.map((one) => loss(one.loss)), ''],
  ];
  const titles = before ? ['before', 'after'] : ['after'];
  return table(
    [{ title: '' }, ...titles.map((title) => ({ title, align: 'right' as const })), { title: '' }],
    rows,
  );
}

function epochTable(epochs: TrainingReport['epochs']): string {
  return listing(epochs, [
    right('epoch', ({ epoch }) => String(epoch)),
    right('loss', (epoch) => loss(epoch.loss)),
    right('top-1 (search)', ({ top1 }) => percent(top1)),
    right('rate at its end', ({ learningRate }) => String(Number(learningRate.toPrecision(2)))),
    right('time', ({ seconds }) => duration(seconds)),
    right('images/s', ({ imagesPerSecond }) => count(imagesPerSecond)),
  ]);
}

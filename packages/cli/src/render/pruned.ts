import { findMetric } from '@espalier/engines';
import { COST_FACTS, COST_METRICS, type CostMetric } from '@espalier/network';
import { type LatencyReport, type RepairSummary, type Standing, valueBy } from '@espalier/pipeline';
import { NEAR, type Round } from '@espalier/pruning';
import type { PruneReport } from '../stages/pruning.ts';
import { onStdout } from './colour.ts';
import { speedupWords } from './speedup.ts';
import { keptBar, left, listing, right, shorten, table } from './table.ts';
import {
  count,
  duration,
  factor,
  fileSize,
  loss,
  magnitude,
  metricValue,
  milliseconds,
  percent,
  plural,
  points,
} from './units.ts';

export function pruneText(report: PruneReport): string {
  const { strategy, requested, search, out, seconds, sampling } = report;
  const sampled = sampling
    ? `, with ${count(sampling.samples)} images of the search split of ${sampling.dataset.name}`
    : '';
  return [
    onStdout.bold(
      `${strategy.allocation} · ${strategy.criterion} · ${shareText(requested.share)} of the ${COST_FACTS[requested.metric].title}`,
    ),
    '',
    standings(report),
    savings(report),
    ...(report.latency ? latencyLines(report, report.latency) : []),
    ...(report.rounds
      ? [
          '',
          roundsTable(
            report.rounds,
            requested.metric,
            report.repair !== null,
            sampling?.metric.name ?? 'top1',
          ),
        ]
      : []),
    '',
    structureTable(report),
    '',
    onStdout.dim(
      `${plural(search.steps, 'probe')} of the search${sampled}; ${duration(seconds.total ?? 0)} in all`,
    ),
    `written to ${out}`,
  ].join('\n');
}

function askedText({ share, ms }: PruneReport['requested']): string {
  return ms === undefined ? shareText(share) : `${milliseconds(ms)}, ${shareText(share)}`;
}

function costText(metric: CostMetric, cost: number | undefined): string {
  return COST_FACTS[metric].unit === 'ms' ? milliseconds(cost ?? 0) : magnitude(cost ?? 0);
}

function shareText(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function standings({
  before,
  pruned,
  repaired,
  after,
  batchNorm,
  repair,
  finetuning,
  latency,
  timing,
}: PruneReport): string {
  const isRecalibrated = typeof batchNorm === 'object';
  const last = finetuning ? 'fine-tuned' : isRecalibrated ? 'recalibrated' : null;
  const steps = [
    { title: 'base', standing: before },
    { title: repaired || last ? 'as cut' : 'pruned', standing: pruned },
    ...(repaired ? [{ title: 'repaired', standing: repaired }] : []),
    ...(last ? [{ title: last, standing: after }] : []),
  ];
  const columns = steps.map(({ standing }) => standing);
  const titles = steps.map(({ title }) => title);
  const row = (name: string, value: (one: Standing) => string, change: string) => [
    name,
    ...columns.map(value),
    change,
  ];
  const n = before.n ?? undefined;
  const rows = [
    row('params', (one) => magnitude(one.params), `${factor(before.params, after.params)} smaller`),
    row('bytes', (one) => fileSize(one.bytes), `${factor(before.bytes, after.bytes)} smaller`),
    row('MACs', (one) => magnitude(one.macs), `${factor(before.macs, after.macs)} fewer`),
  ];
  if (before.top1 !== null) {
    rows.push(row('top-1', (one) => percent(one.top1, n), change(before.top1, after.top1, n)));
    if (before.top5 !== null) {
      rows.push(row('top-5', (one) => percent(one.top5, n), change(before.top5, after.top5, n)));
    }
    rows.push(row('loss', (one) => loss(one.loss), ''));
  }
  if (latency) {
    const { predicted, measured } = latency;
    const between = steps.slice(2).map(() => '');
    const line = (title: string, one: { ms: number; baseMs: number }, change: string) =>
      rows.push([title, milliseconds(one.baseMs), milliseconds(one.ms), ...between, change]);
    const ratio = predicted.baseMs / predicted.ms;
    line('predicted', predicted, `${factor(ratio, 1)} as fast${ratio < 1 ? ', slower' : ''}`);
    if (measured) line('measured', measured, speedupWords(measured.speedup, 'as fast'));
  }
  rows.push(...comparedRows(columns));
  if (timing) {
    const { latencyMs, baseLatencyMs, throughput, baseThroughput } = timing;
    // As cut it was not measured: what follows the cut changes no shape.
    const between = steps.slice(2).map(() => '');
    rows.push(
      [
        'latency',
        milliseconds(baseLatencyMs),
        ...between,
        milliseconds(latencyMs),
        speedupWords(timing.speedup.latency, 'as fast'),
      ],
      [
        'throughput',
        `${count(baseThroughput)}/s`,
        ...between,
        `${count(throughput)}/s`,
        speedupWords(timing.speedup.throughput, 'the images'),
      ],
    );
  }
  const drawn = table(
    [{ title: '' }, ...titles.map((title) => ({ title, align: 'right' as const })), { title: '' }],
    rows,
  );
  const where =
    before.n === null
      ? 'no data set, so no accuracy'
      : `${before.top1 === null ? 'outputs compared' : 'accuracy'} on ${count(before.n)} test images`;
  const mended = repair
    ? `, repaired with ${plural(repair.images, 'training image')}: ${plural(repair.layers.length, 'layer')}`
    : '';
  const how = finetuning
    ? `, fine-tuned for ${plural(finetuning.steps, 'step')} of ${plural(finetuning.recipe.batch, 'image')}`
    : isRecalibrated
      ? `, BatchNorm recalibrated on ${plural(batchNorm.recalibrated.images, 'training image')}`
      : '';
  const left = repair ? leftLines(repair) : [];
  return [drawn, ...[where + mended + how, ...left].map((line) => onStdout.dim(line))].join('\n');
}

/** What networks are worth by other metrics than those of one class an image, one row each. */
export function comparedRows(columns: readonly Standing[]): string[][] {
  const [base, ...others] = columns;
  const names = new Set(columns.flatMap(({ values = {} }) => Object.keys(values)));
  return [...names].flatMap((name) => {
    const metric = findMetric(name);
    const shown = ({ values }: Standing) => values?.[name] ?? null;
    if (!base || others.every((one) => shown(one) === null)) return [];
    return [[metric.label, ...columns.map((one) => metricValue(metric, shown(one), one.n ?? undefined)), '']];
  });
}

/** What a repair has left as it was, one line each. */
export function leftLines({ left, share = 1 }: RepairSummary): string[] {
  const part =
    share > 0 && share < 1
      ? [`repaired with ${percent(share)} of the change of the weights: more would make an output worse`]
      : [];
  return [...part, ...left.map(({ layer, reason }) => `not repaired: ${layer}, ${reason}`)];
}

function change(before: number | null, after: number | null, n: number | undefined): string {
  return before === null || after === null ? '' : points(after - before, n);
}

function savings({ requested, achieved }: PruneReport): string {
  const saved = (metric: CostMetric) =>
    `${percent(achieved[metric] ?? null)} of the ${COST_FACTS[metric].title}`;
  const others = COST_METRICS.filter(
    (metric) => metric !== requested.metric && achieved[metric] !== undefined,
  );
  return [`saved ${saved(requested.metric)} (target ${askedText(requested)})`, ...others.map(saved)].join(
    ', ',
  );
}

/** By whose profile, and how the target was met. */
function latencyLines({ requested }: PruneReport, latency: LatencyReport): string[] {
  const { profile, differences, measured, corrections } = latency;
  const of = `${profile.threads === 1 ? 'one thread' : `${profile.threads} threads`}, ${plural(profile.batch, 'image')} a run`;
  const whose = differences.length > 0 ? `; it was made ${differences.join(', ')}` : '';
  const lines = [`by the profile of "${profile.device}" (${of})${whose}`];
  if (requested.metric !== 'latency') return lines.map((line) => onStdout.dim(line));
  if (!measured) return [...lines, 'predicted, not measured'].map((line) => onStdout.dim(line));
  const wanted = requested.ms ?? measured.baseMs * (1 - requested.share);
  const again = corrections > 0 ? `, searched again ${corrections === 1 ? 'once' : 'twice'}` : '';
  const off = measured.ms / wanted - 1;
  const met = Math.abs(off) <= NEAR ? 'met' : `missed by ${percent(Math.abs(off), 1000)}`;
  return [
    ...lines,
    `${milliseconds(measured.ms)} measured, ${milliseconds(wanted)} wanted: ${met}${again}`,
  ].map((line) => onStdout.dim(line));
}

function roundsTable(
  rounds: readonly Round[],
  metric: CostMetric,
  isRepaired: boolean,
  name: string,
): string {
  const judged = findMetric(name);
  const shown = (one: Round['after']) => metricValue(judged, valueBy(name, one), one.n);
  return listing(rounds, [
    right('round', ({ round }) => String(round)),
    right(`${COST_FACTS[metric].title} saved`, ({ achieved }) => percent(achieved[metric] ?? null)),
    right(`${judged.label} before`, ({ before }) => shown(before)),
    right(isRepaired ? 'repaired' : 'as cut', ({ after }) => shown(after)),
  ]);
}

function structureTable({ structure, requested: { metric } }: PruneReport): string {
  return listing(structure, [
    left('channel group', ({ group }) => shorten(group, 40)),
    right('before', ({ before }) => String(before)),
    right('after', ({ after }) => String(after)),
    left('', ({ before, after }) => keptBar(after, before, 24)),
    right('removed', ({ before, after }) =>
      after === before ? '' : `${(((before - after) / before) * 100).toFixed(0)} %`,
    ),
    right(`saves alone, ${COST_FACTS[metric].title}`, ({ before, after, alone }) =>
      after === before ? '' : costText(metric, alone[metric]),
    ),
  ]);
}

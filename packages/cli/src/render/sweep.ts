import type { SamplingRun } from '@espalier/pruning';
import { onStdout } from './colour.ts';
import { type HeatMap, type HeatMapRow, heatMap, ratioLabel } from './heat-map.ts';
import { heatMapText } from './heat-map-terminal.ts';
import { bar, left, listing, right, shorten } from './table.ts';
import { count, duration, loss, metricChange, metricValue, metricWords, percent, plural } from './units.ts';

/** A drop of one point is where most people stop. */
const TOLERANCE = 0.01;

interface SweepResult {
  readonly run: SamplingRun;
  readonly cached?: number;
  readonly seconds?: number;
}

export function sweepText({ run, cached, seconds }: SweepResult): string {
  const map = heatMap(run);
  const cells = run.groups.length * run.grid.length;
  const parts = [
    onStdout.bold(map.subject),
    baselineLine(run),
    '',
    `${onStdout.bold('Contribution')} of each group to the damage, by the share of its units removed`,
    heatMapText(map),
    '',
    onStdout.bold('Groups by importance'),
    rankingTable(map, run),
  ];
  if (seconds !== undefined) {
    const stored = cached ? `, ${count(cached)} of them from stored samples` : '';
    parts.push('', onStdout.dim(`${plural(cells, 'cell')}${stored}, in ${duration(seconds)}`));
  }
  return parts.join('\n');
}

function baselineLine({ baseline, metric }: SamplingRun): string {
  const { top1, top5, loss: nats, n } = baseline;
  if (top1 === null) {
    const { [metric.name]: value = null, fidelity } = baseline.values;
    return fidelity === undefined
      ? `baseline  ${metric.label} ${metricValue(metric, value, n)}`
      : `by ${metricWords(metric)}, against the unpruned model`;
  }
  const scores = `baseline  top-1 ${percent(top1, n)}${top5 === null ? '' : `, top-5 ${percent(top5, n)}`}, loss ${loss(nats)}`;
  return metric.name === 'top1' ? scores : `${scores}; drops are of ${metricWords(metric)}`;
}

function rankingTable({ rows, ratios, metric }: HeatMap, run: SamplingRun): string {
  const most = Math.max(...rows.map(({ importance }) => importance));
  const ranked = [...rows].sort((a, b) => a.rank - b.rank);
  const last = ratios.length - 1;
  return listing(ranked, [
    right('#', (row) => String(row.rank)),
    left('group', (row) => shorten(row.group, 40)),
    right('units', (row) => String(row.width)),
    right('importance', (row) => `${(row.importance * 100).toFixed(1)} %`),
    left('', (row) => bar(row.importance / most, 16)),
    right(
      `${metric.name === 'top1' ? 'drop' : metric.label} at ${ratioLabel(ratios[last] ?? 0)}`,
      ({ cells }) => {
        const drop = cells[last]?.drop ?? 0;
        return metricChange(metric, metric.direction === 'higher' ? -drop : drop, run.samples);
      },
    ),
    // A point means the same for every share; of nats and ratios nobody can say what is harmless.
    ...(metric.unit === 'share'
      ? [right('at most 1 pt lost up to', (row: HeatMapRow) => harmless(row, ratios))]
      : []),
  ]);
}

/** The largest ratio before the drop first exceeds the tolerance: a dip behind it does not count. */
function harmless({ cells }: HeatMapRow, ratios: readonly number[]): string {
  const first = cells.findIndex(({ drop }) => drop > TOLERANCE);
  const ratio = ratios[(first < 0 ? cells.length : first) - 1];
  return ratio === undefined ? `less than ${ratioLabel(ratios[0] ?? 0)}` : ratioLabel(ratio);
}

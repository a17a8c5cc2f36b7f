import type { SamplingRun } from '@espalier/pruning';
import { onStdout } from './colour.ts';
import { type HeatMap, type HeatMapRow, heatMap, ratioLabel } from './heat-map.ts';
import { heatMapText } from './heat-map-terminal.ts';
import { bar, left, listing, right, shorten } from './table.ts';
import { count, duration, loss, percent, plural, points } from './units.ts';

/** A drop of one point is where most people stop. */
const TOLERANCE = 0.01;

interface SweepResult {
  readonly run: SamplingRun;
  readonly cached?: number;
  readonly seconds?: number;
}

export function sweepText({ run, cached, seconds }: SweepResult): string {
  const map = heatMap(run);
  const { baseline } = run;
  const cells = run.groups.length * run.grid.length;
  const parts = [
    onStdout.bold(map.subject),
    `baseline  top-1 ${percent(baseline.top1, baseline.n)}${baseline.top5 === null ? '' : `, top-5 ${percent(baseline.top5, baseline.n)}`}, loss ${loss(baseline.loss)}`,
    '',
    `${onStdout.bold('Contribution')} of each group to the damage, by the share of its units removed`,
    heatMapText(map),
    '',
    onStdout.bold('Groups by importance'),
    rankingTable(map, run),
  ];
  if (seconds !== undefined) {
    const stored = cached ? `, ${count(cached)} of them from stored units` : '';
    parts.push('', onStdout.dim(`${plural(cells, 'cell')}${stored}, in ${duration(seconds)}`));
  }
  return parts.join('\n');
}

function rankingTable({ rows, ratios }: HeatMap, run: SamplingRun): string {
  const most = Math.max(...rows.map(({ importance }) => importance));
  const ranked = [...rows].sort((a, b) => a.rank - b.rank);
  const last = ratios.length - 1;
  return listing(ranked, [
    right('#', (row) => String(row.rank)),
    left('group', (row) => shorten(row.group, 40)),
    right('units', (row) => String(row.width)),
    right('importance', (row) => `${(row.importance * 100).toFixed(1)} %`),
    left('', (row) => bar(row.importance / most, 16)),
    right(`drop at ${ratioLabel(ratios[last] ?? 0)}`, (row) =>
      points(-(row.cells[last]?.drop ?? 0), run.samples),
    ),
    right('at most 1 pt lost up to', (row) => harmless(row, ratios)),
  ]);
}

/** The largest ratio before the drop first exceeds the tolerance: a dip behind it does not count. */
function harmless({ cells }: HeatMapRow, ratios: readonly number[]): string {
  const first = cells.findIndex(({ drop }) => drop > TOLERANCE);
  const ratio = ratios[(first < 0 ? cells.length : first) - 1];
  return ratio === undefined ? `less than ${ratioLabel(ratios[0] ?? 0)}` : ratioLabel(ratio);
}

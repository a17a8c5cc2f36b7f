import { type AnyMetric, metricBy, TOP1 } from '@espalier/engines';
import type { Explored, Sampling } from '../remote/explore.ts';
import { metricNamed } from '../remote/quality.ts';
import { onStdout } from './colour.ts';
import { left, listing, right } from './table.ts';
import { magnitude, metricChange, milliseconds, percent, UNKNOWN } from './units.ts';

const EIGHT = 8;
/** Groups that fit a line of a terminal. */
const MOST_GROUPS = 60;

/** What each allocation leaves, side by side. */
export function exploredText({ structures, refused, base, largest }: Explored, sampling: Sampling): string {
  const metric = metricOf(sampling);
  const widths = new Map((sampling.groups ?? []).map(({ name, width }) => [name, width]));
  const isTimed = base.latencyMs !== null;
  const withSaved = (value: string, saved: number | null) =>
    saved === null ? value : `${value} (−${percent(saved, 1000)})`;
  const table = listing(structures, [
    left('allocation', ({ allocation }) => allocation),
    left('kept of each group', ({ groups }) => picture(groups ?? [], widths)),
    right('units kept', ({ groups }) => keptShare(groups ?? [])),
    right(`predicted drop, ${metric.label}`, ({ predictedDrop }) =>
      predictedDrop === null
        ? UNKNOWN
        : metricChange(metric, metric.direction === 'higher' ? -predictedDrop : predictedDrop),
    ),
    right('MACs', ({ cost, saved }) => withSaved(magnitude(cost.macs), saved.macs)),
    right('params', ({ cost, saved }) => withSaved(magnitude(cost.params), saved.params)),
    ...(isTimed
      ? [
          right<Explored['structures'][number]>('on the device', ({ cost, saved }) =>
            withSaved(cost.latencyMs === null ? UNKNOWN : milliseconds(cost.latencyMs), saved.latency),
          ),
        ]
      : []),
  ]);
  const unpruned = [`${magnitude(base.macs)} MACs`, `${magnitude(base.params)} params`];
  if (base.latencyMs !== null) unpruned.push(milliseconds(base.latencyMs));
  return [
    structures.length > 0 ? table : 'no allocation meets it',
    ...refused.map(({ allocation, reason }) => onStdout.dim(`${allocation}: ${reason}`)),
    `unpruned: ${unpruned.join(', ')}; at most ${percent(largest, 1000)} can be removed; predicted drops rank structures, they are not results`,
  ].join('\n');
}

/** By what the sampling was measured. */
function metricOf({ qualityMetric, externalMetric }: Sampling): AnyMetric {
  if (!externalMetric) return metricNamed(qualityMetric?.name ?? null);
  const { name, direction } = externalMetric;
  if (name === 'top1') return TOP1;
  return metricBy(`${name}:${direction.toLowerCase()}:ratio`);
}

type Groups = NonNullable<Explored['structures'][number]['groups']>;

/** A block a group, as high as what is left of it: "█▆▂". */
function picture(groups: Groups, widths: ReadonlyMap<string, number>): string {
  const shown = groups.slice(0, MOST_GROUPS).map(({ group, before, after }) => {
    return BLOCKS[Math.max(1, Math.round((after / (widths.get(group) ?? before)) * EIGHT))] ?? '';
  });
  return `${shown.join('')}${groups.length > MOST_GROUPS ? '…' : ''}`;
}

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function keptShare(groups: Groups): string {
  const sum = (of: 'before' | 'after') => groups.reduce((total, group) => total + group[of], 0);
  return `${sum('after')} of ${sum('before')}`;
}

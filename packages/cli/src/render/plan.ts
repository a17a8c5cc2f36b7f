import type { SweepPlan, Way } from '@espalier/pruning';
import { onStdout } from './colour.ts';
import { shorten, table } from './table.ts';
import { magnitude, percent, plural } from './units.ts';

const WAYS: Readonly<Record<Way, string>> = {
  'running-sums': 'running sums over channel chunks',
  'stacked-masks': 'masks, stacked on the batch axis',
  narrow: 'narrow networks',
};

/** What `espalier sweep --plan --json` prints; MACs are those of one image. */
export function planReport({ steps, baseline, macs, naiveMacs }: SweepPlan, samples: number) {
  return {
    samples,
    macs,
    naiveMacs,
    share: macs / naiveMacs,
    baselineMacs: baseline.macs,
    groups: steps.map(({ group, removed, measuring, advanceMacs }) => ({
      group,
      way: measuring.way,
      networks: measuring.batches.map(({ width, removed: cells }) => ({ width, cells: cells.length })),
      cells: removed.length,
      macs: measuring.macs + advanceMacs,
      naiveMacs: naiveOf(removed.length, { steps, naiveMacs }),
    })),
  };
}

export function planText(plan: SweepPlan, samples: number): string {
  const { steps, macs, naiveMacs, baseline } = plan;
  const rows = steps.map(({ group, removed, measuring, advanceMacs }) => {
    const mine = measuring.macs + advanceMacs;
    return [
      shorten(group, 40),
      String(removed.length),
      WAYS[measuring.way],
      measuring.batches.map(({ width, removed: cells }) => `${width} x ${cells.length}`).join(', '),
      magnitude(mine),
      percent(mine / naiveOf(removed.length, plan), 1000),
    ];
  });
  const columns = [
    { title: 'group' },
    { title: 'ratios', align: 'right' },
    { title: 'way' },
    { title: 'width x ratios' },
    { title: 'MACs an image', align: 'right' },
    { title: 'of naive', align: 'right' },
  ] as const;
  return [
    table(columns, rows),
    '',
    `baseline ${magnitude(baseline.macs)} MACs an image; all of it ${onStdout.bold(magnitude(macs))}, ${onStdout.bold(percent(macs / naiveMacs, 1000))} of one full masked pass for every cell`,
    `${plural(samples, 'image')}: ${magnitude(macs * samples)} MACs`,
  ].join('\n');
}

/** One full pass for each of some cells. */
function naiveOf(cells: number, { steps, naiveMacs }: Pick<SweepPlan, 'steps' | 'naiveMacs'>): number {
  const all = steps.reduce((sum, { removed }) => sum + removed.length, 1);
  return (cells * naiveMacs) / all;
}

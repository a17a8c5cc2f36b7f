import type { SweepPlan, Way } from '@espalier/pruning';
import { onStdout } from './colour.ts';
import { left, listing, right, shorten } from './table.ts';
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
  const macsOf = ({ measuring, advanceMacs }: SweepPlan['steps'][number]) => measuring.macs + advanceMacs;
  return [
    listing(steps, [
      left('group', ({ group }) => shorten(group, 40)),
      right('ratios', ({ removed }) => String(removed.length)),
      left('way', ({ measuring }) => WAYS[measuring.way]),
      left('width x ratios', ({ measuring }) =>
        measuring.batches.map(({ width, removed }) => `${width} x ${removed.length}`).join(', '),
      ),
      right('MACs an image', (step) => magnitude(macsOf(step))),
      right('of naive', (step) => percent(macsOf(step) / naiveOf(step.removed.length, plan), 1000)),
    ]),
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

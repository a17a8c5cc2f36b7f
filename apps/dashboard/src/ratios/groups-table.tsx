'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Deviation } from '#src/compare/deviation.tsx';
import { StrategyLabel } from '#src/compare/strategy-label.tsx';
import { METRIC_NAMES } from '#src/compression/view.ts';
import { ratioText } from '#src/compression/words.ts';
import { type Maybe, plural, UNKNOWN } from '#src/format/numbers.ts';
import { markOf } from '#src/format/origin.ts';
import { changeOf, changeText, metricNamed } from '#src/format/quality.ts';
import { strategyColour, targetWords } from '#src/format/strategies.ts';
import { type Column, DataTable } from '#src/ui/data-table.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { ratioOf, scaleOf } from './groups.ts';
import type { BestSpread, RatioGroup } from './ratios-query.ts';
import { SpreadPicture } from './spread-picture.tsx';
import { KEY_NAMES, type Key, type RatiosView, ratiosParams } from './view.ts';
import { deviationText } from './words.ts';

/** What is equal in a group, as it is called; a dash for what is in the trash or out of reach. */
const NAMES: Readonly<Record<Key, (group: RatioGroup) => ReactNode>> = {
  model: ({ model }) => (model ? <TextLink href={`/models/${model.id}`}>{model.name}</TextLink> : UNKNOWN),
  dataset: ({ dataset }) =>
    dataset ? <TextLink href={`/datasets/${dataset.id}`}>{dataset.name}</TextLink> : UNKNOWN,
  strategy: ({ strategy }) => (strategy ? <StrategyLabel strategy={strategy} /> : UNKNOWN),
  target: ({ target }) => (target ? targetWords(target) : UNKNOWN),
  project: ({ project }) => project?.name ?? UNKNOWN,
};

/** Groups of runs: how much became less and what it cost, as means over their different networks, and the best runs. */
export function GroupsTable({ groups, view }: { groups: readonly RatioGroup[]; view: RatiosView }) {
  const { metric, by } = view;
  const scale = scaleOf(groups, metric);
  const several = groups.some(({ grounds }) => grounds > 1);
  const [first, ...others] = by;
  const name = METRIC_NAMES[metric];
  return (
    <DataTable
      caption={`${name}, base over pruned, by ${by.map((key) => KEY_NAMES[key].toLowerCase()).join(' and ') || 'nothing'}`}
      rows={groups}
      keyOf={({ model, dataset, strategy, target, project }, at) =>
        JSON.stringify([model?.id, dataset?.id, strategy?.key, target, project?.id, at])
      }
      order={{
        by: view.order,
        direction: view.direction,
        href: (order, direction) =>
          `/ratios?${ratiosParams({ ...view, order: order as RatiosView['order'], direction })}`,
      }}
      columns={[
        {
          name: first ? KEY_NAMES[first] : 'Group',
          order: 'names',
          sticky: true,
          namesRow: true,
          className: 'py-1 pr-3 font-medium',
          cell: (group) => (
            <>
              {first ? NAMES[first](group) : 'All runs'}
              {/* A phone has no room for a column each. */}
              {others.map((key) => (
                <span key={key} className="block text-small font-normal text-ink-soft md:hidden">
                  {NAMES[key](group)}
                </span>
              ))}
            </>
          ),
        },
        ...others.map(
          (key): Column<RatioGroup> => ({
            name: KEY_NAMES[key],
            from: 'md',
            className: 'whitespace-nowrap',
            cell: NAMES[key],
          }),
        ),
        {
          name: 'Networks',
          order: 'networks',
          right: true,
          from: 'md',
          title: ({ runs, networks }) => `${plural(networks, 'different network')} of ${plural(runs, 'run')}`,
          cell: ({ networks }) => networks,
        },
        several && {
          name: 'Grounds',
          right: true,
          from: 'lg',
          title: ({ grounds }) =>
            grounds > 1 ? 'Their accuracies may not be compared: they lie side by side' : undefined,
          cell: ({ grounds }) => grounds,
        },
        {
          name: `${name}, mean`,
          order: 'ratio',
          right: true,
          className: 'whitespace-nowrap',
          title: (group) =>
            (group.profiles ?? 0) > 1
              ? `By ${plural(group.profiles ?? 0, 'device profile')}: such times have no mean`
              : measuredTitle(ratioOf(group, metric), group),
          cell: (group) => <Ratio spread={ratioOf(group, metric)} />,
        },
        scale !== null && {
          name: 'Picture of it',
          unseen: true,
          from: 'lg',
          cell: (group: RatioGroup) => {
            const spread = ratioOf(group, metric);
            const colour = group.strategy ? strategyColour(group.strategy.allocation) : 'var(--accent)';
            return spread && <SpreadPicture spread={spread} scale={scale} colour={colour} />;
          },
        },
        {
          name: 'Best',
          order: 'best',
          right: true,
          cell: (group) => <BestRun spread={ratioOf(group, metric)} write={ratioText} />,
        },
        {
          name: 'Change, mean',
          order: 'change',
          right: true,
          className: 'whitespace-nowrap',
          title: (group) => measuredTitle(group.drop, group),
          cell: ({ drop, qualityMetric }) => (
            <>
              {lossBy(qualityMetric, drop?.mean)}
              <span className="hidden md:inline">
                <Deviation of={drop?.deviation} metric={metricNamed(qualityMetric)} />
              </span>
            </>
          ),
        },
        {
          name: 'Smallest loss',
          order: 'least',
          right: true,
          from: 'md',
          cell: ({ drop, qualityMetric }) => (
            <BestRun spread={drop} write={(least) => lossBy(qualityMetric, least)} />
          ),
        },
      ]}
    />
  );
}

function lossBy(qualityMetric: RatioGroup['qualityMetric'], drop: Maybe): string {
  const metric = metricNamed(qualityMetric);
  return changeText(metric, changeOf(metric, drop));
}

function Ratio({ spread }: { spread: BestSpread | null }) {
  if (!spread) return UNKNOWN;
  return (
    <>
      {ratioText(spread.mean)}
      <span className="hidden text-small text-ink-soft md:inline"> {deviationText(spread)}</span>
    </>
  );
}

/** The best value of a group, leading to its run. */
function BestRun({ spread, write }: { spread: BestSpread | null; write: (value: number) => string }) {
  if (!spread) return UNKNOWN;
  const { best, bestRun } = spread;
  return bestRun ? (
    <>
      <Link href={`/runs/${bestRun.id}`} title={bestRun.name} className="underline-offset-2 hover:underline">
        {write(best)}
      </Link>{' '}
      <OriginMark of={markOf(bestRun)} />
    </>
  ) : (
    write(best)
  );
}

/** How many networks a mean is over, where that is not all of the group. */
function measuredTitle(spread: BestSpread | null, { networks }: RatioGroup): string {
  if (!spread) return 'Measured of none';
  return spread.n === networks ? `Of ${plural(networks, 'network')}` : `Known of ${spread.n} of ${networks}`;
}

import type { Spread } from '@espalier/comparison';
import { metricBy } from '@espalier/engines';
import { type Row, spreadIn } from '@espalier/tables';
import { type Analysis, groupName } from '../compare/analysis.ts';
import { ranksOf } from '../compare/run-group.ts';
import { metricCalled } from '../experiments/quality-metric.ts';
import { costWords } from './run-columns.ts';
import { plainColumns, type TwoTables } from './table-file.ts';

type Ranks = ReturnType<typeof ranksOf>;
type Point = Ranks['points'][number];

const DATA_COLUMNS = plainColumns([
  ...['group', 'model', 'dataset', 'strategy', 'strategyKey', 'meanRank'],
  ...['metric', 'share', 'shared', 'apart', 'rank', 'qualityMetric', 'valueMean', 'valueDeviation', 'valueN'],
]);

/** Only what may be compared ranks: a group of such runs has its own lines. */
export function strategyTables({ groups }: Pick<Analysis, 'groups'>): TwoTables {
  const ranked = groups.map((group) => ({
    first: group.first,
    name: groupName(group.first),
    ranks: ranksOf(group),
  }));
  const targets = new Map(ranked.flatMap(({ ranks }) => ranks.points.map((point) => [keyOf(point), point])));
  return {
    data: {
      columns: DATA_COLUMNS,
      rows: ranked.flatMap(({ first, name, ranks }) =>
        ranks.strategies.flatMap(({ strategy, points, meanRank }) =>
          ranks.points.flatMap(({ metric, share, shared, apart }, at) => {
            const cell = points[at];
            if (!cell) return [];
            return [
              {
                ...{ group: name, model: first.model, dataset: first.datasetName },
                ...{ strategy: strategy?.name, strategyKey: strategy?.key, meanRank },
                ...{ metric: metric.toUpperCase(), share, shared, apart, rank: cell.rank },
                ...{ qualityMetric: metricCalled(first.qualityMetric), valueMean: cell.mean },
                ...{ valueDeviation: cell.deviation, valueN: cell.n },
              },
            ];
          }),
        ),
      ),
    },
    paper: {
      columns: [
        ...(ranked.length > 1 ? [{ key: 'group', head: 'Comparable runs' }] : []),
        { key: 'strategy', head: 'Strategy' },
        { key: 'meanRank', head: 'Mean rank', right: true, words: (rank: number) => rank.toFixed(2) },
        {
          key: 'overall',
          head: meanHead(groups.map(({ first }) => first.qualityMetric)),
          right: true,
          words,
        },
        ...[...targets].map(([key, point]) => ({
          key,
          head: targetHead(point),
          right: true,
          words,
        })),
      ],
      rows: ranked.flatMap(({ first, name, ranks }) =>
        ranks.strategies.map(({ strategy, points, meanRank, overall }) => ({
          ...{ group: name, strategy: strategy?.name, meanRank, overall },
          qualityMetric: first.qualityMetric,
          ...Object.fromEntries(ranks.points.map((point, at) => [keyOf(point), points[at]])),
        })),
      ),
    },
  };
}

/** In the unit of the group that the row is of. */
function words(spread: Spread, { qualityMetric }: Row): string {
  return spreadIn(metricBy(String(qualityMetric)).unit, spread);
}

/** "Top-1, mean"; of groups by several metrics each says its own by its name. */
function meanHead(metrics: readonly string[]): string {
  const [first, ...others] = new Set(metrics);
  if (!first || others.length > 0) return 'Mean';
  const { label } = metricBy(first);
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}, mean`;
}

function keyOf({ metric, share }: Point): string {
  return `${metric} ${share}`;
}

/** "−50 % MACs" */
function targetHead({ metric, share }: Point): string {
  return `−${Number((share * 100).toFixed(1))} % ${costWords(metric)}`;
}

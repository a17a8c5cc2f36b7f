import { percentOf } from '@espalier/tables';
import { type Analysis, groupName } from '../compare/analysis.ts';
import { ranksOf } from '../compare/run-group.ts';
import { costWords } from './run-columns.ts';
import { plainColumns, type TwoTables } from './table-file.ts';

type Ranks = ReturnType<typeof ranksOf>;
type Point = Ranks['points'][number];

const DATA_COLUMNS = plainColumns([
  ...['group', 'model', 'dataset', 'strategy', 'strategyKey', 'meanRank'],
  ...['metric', 'share', 'shared', 'apart', 'rank', 'top1Mean', 'top1Deviation', 'top1N'],
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
                ...{ top1Mean: cell.mean, top1Deviation: cell.deviation, top1N: cell.n },
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
        { key: 'overall', head: 'Top-1, mean', right: true, words: percentOf },
        ...[...targets].map(([key, point]) => ({
          key,
          head: targetHead(point),
          right: true,
          words: percentOf,
        })),
      ],
      rows: ranked.flatMap(({ name, ranks }) =>
        ranks.strategies.map(({ strategy, points, meanRank, overall }) => ({
          ...{ group: name, strategy: strategy?.name, meanRank, overall },
          ...Object.fromEntries(ranks.points.map((point, at) => [keyOf(point), points[at]])),
        })),
      ),
    },
  };
}

function keyOf({ metric, share }: Point): string {
  return `${metric} ${share}`;
}

/** "−50 % MACs" */
function targetHead({ metric, share }: Point): string {
  return `−${Number((share * 100).toFixed(1))} % ${costWords(metric)}`;
}

import { apartWords } from '@espalier/comparison';
import type { ComparedGroup, ComparedPair, ComparedRun, Comparison, Verdict } from '../remote/comparison.ts';
import { onStdout } from './colour.ts';
import { left, listing, right } from './table.ts';
import { magnitude, milliseconds, percent, points, UNKNOWN } from './units.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  comparable: 'These accuracies may be compared: they were made under equal conditions.',
  reservations: 'These accuracies may be compared with reservations:',
  notComparable: 'These accuracies may not be compared:',
};

/** Verdict, reasons and badges; the runs; ranks of the strategies of each group; the runs two by two. */
export function comparisonText({ verdict, reasons, badges, runs, groups, pairs }: Comparison): string {
  const told = [VERDICTS[verdict], ...reasons.map(({ text }) => `- ${text}`)];
  const has = badges.map(({ name, earned, text }) => `${earned ? '[x]' : '[ ]'} ${name}: ${text}`);
  const contested = groups.filter(({ ranks }) => ranks.strategies.length > 1);
  return [
    told.join('\n'),
    onStdout.dim(has.join('\n')),
    runTable(runs),
    ...contested.map((group) => `${groups.length > 1 ? `${group.name}\n` : ''}${rankTable(group)}`),
    ...(pairs.length > 0 ? [pairTable(pairs, runs)] : []),
  ].join('\n\n');
}

function runTable(runs: readonly ComparedRun[]): string {
  return listing(runs, [
    right('', (_, i) => String(i + 1)),
    left('run', ({ id }) => id ?? UNKNOWN),
    left('strategy', ({ strategy }) => strategy ?? UNKNOWN),
    left('target', ({ metric, share }) => `${metric} −${percent(share)}`),
    right('seed', ({ seed }) => String(seed)),
    right('top-1', ({ state, top1 }) => (state === 'finished' ? percent(top1) : (state ?? UNKNOWN))),
    right('change', ({ drop }) => points(drop === null ? null : -drop)),
    right('MACs', ({ macs }) => (macs === null ? UNKNOWN : magnitude(macs))),
    right('removed', ({ savedMacs }) => percent(savedMacs)),
    right('params', ({ params }) => (params === null ? UNKNOWN : magnitude(params))),
    right('removed', ({ savedParams }) => percent(savedParams)),
    right('latency', ({ latencyMs }) => (latencyMs === null ? UNKNOWN : milliseconds(latencyMs))),
  ]);
}

type RankedStrategy = ComparedGroup['ranks']['strategies'][number];

function rankTable({ ranks }: ComparedGroup): string {
  const table = listing(ranks.strategies, [
    left('strategy', ({ strategy }) => strategy.name),
    right('mean rank', ({ meanRank }) => (meanRank === null ? UNKNOWN : meanRank.toFixed(2))),
    right('mean top-1', ({ overall }) => spread(overall)),
    ...ranks.points.map(({ metric, share }, i) =>
      right<RankedStrategy>(`${metric} −${percent(share)}`, ({ points: cells }) => {
        const cell = cells[i];
        if (!cell) return UNKNOWN;
        return cell.rank === null ? spread(cell) : `${cell.rank}. ${spread(cell)}`;
      }),
    ),
  ]);
  const apart = ranks.points.flatMap((point) =>
    point.apart === null ? [] : `${point.metric} −${percent(point.share)}: ${apartWords(point.apart)}`,
  );
  return [table, ...apart].join('\n');
}

/** The runs by their places in the table above. */
function pairTable(pairs: readonly ComparedPair[], runs: readonly ComparedRun[]): string {
  const places = new Map(runs.map(({ id }, i) => [id, i + 1]));
  return listing(pairs, [
    left('two by two', ({ a, b }) => `${places.get(a.id)} and ${places.get(b.id)}`),
    right('difference', ({ test }) =>
      test ? `${points(test.difference)} ± ${(100 * test.standardError).toFixed(2)}` : UNKNOWN,
    ),
    right('right alone', ({ test }) => (test ? `${test.b} and ${test.c}` : UNKNOWN)),
    right('p', ({ test }) => (test ? probability(test.p) : UNKNOWN)),
    right('alike in widths', ({ similarity }) => percent(similarity?.widths ?? null)),
    right('in units', ({ similarity }) => percent(similarity?.units ?? null)),
    left('', ({ verdict, reasons, apart }) => {
      if (verdict === 'notComparable')
        return `may not be compared (${reasons.map(({ rule }) => rule).join(', ')})`;
      return apart === null ? '' : apartWords(apart);
    }),
  ]);
}

function spread(value: { readonly mean: number; readonly deviation: number | null } | null): string {
  if (!value) return UNKNOWN;
  const { mean, deviation } = value;
  return deviation === null ? percent(mean) : `${percent(mean)} ± ${(100 * deviation).toFixed(2)}`;
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

import type { ComparedGroup, ComparedPair, ComparedRun, Comparison, Verdict } from '../remote/comparison.ts';
import { onStdout } from './colour.ts';
import { table } from './table.ts';
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
  return table(
    [
      { title: '', align: 'right' },
      { title: 'run' },
      { title: 'strategy' },
      { title: 'target' },
      { title: 'seed', align: 'right' },
      { title: 'top-1', align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'removed', align: 'right' },
      { title: 'params', align: 'right' },
      { title: 'removed', align: 'right' },
      { title: 'latency', align: 'right' },
    ],
    runs.map((run, i) => [
      String(i + 1),
      run.id ?? UNKNOWN,
      `${run.allocation} ${run.criterion}`,
      `${run.metric} −${percent(run.share)}`,
      String(run.seed),
      run.state === 'finished' ? percent(run.top1) : (run.state ?? UNKNOWN),
      points(run.drop === null ? null : -run.drop),
      run.macs === null ? UNKNOWN : magnitude(run.macs),
      percent(run.savedMacs),
      run.params === null ? UNKNOWN : magnitude(run.params),
      percent(run.savedParams),
      run.latencyMs === null ? UNKNOWN : milliseconds(run.latencyMs),
    ]),
  );
}

function rankTable({ ranks }: ComparedGroup): string {
  return table(
    [
      { title: 'strategy' },
      { title: 'mean rank', align: 'right' },
      { title: 'mean top-1', align: 'right' },
      ...ranks.points.map(({ metric, share }) => ({
        title: `${metric} −${percent(share)}`,
        align: 'right' as const,
      })),
    ],
    ranks.strategies.map(({ strategy, meanRank, overall, points: cells }) => [
      `${strategy.allocation} ${strategy.criterion}`,
      meanRank === null ? UNKNOWN : meanRank.toFixed(2),
      spread(overall),
      ...cells.map((cell) => (cell ? `${cell.rank}. ${spread(cell)}` : UNKNOWN)),
    ]),
  );
}

/** The runs by their places in the table above. */
function pairTable(pairs: readonly ComparedPair[], runs: readonly ComparedRun[]): string {
  const places = new Map(runs.map(({ id }, i) => [id, i + 1]));
  return table(
    [
      { title: 'two by two' },
      { title: 'difference', align: 'right' },
      { title: 'right alone', align: 'right' },
      { title: 'p', align: 'right' },
      { title: 'alike in widths', align: 'right' },
      { title: 'in units', align: 'right' },
      { title: '' },
    ],
    pairs.map(({ a, b, verdict, reasons, test, similarity }) => [
      `${places.get(a)} and ${places.get(b)}`,
      test ? `${points(test.difference)} ± ${(100 * test.standardError).toFixed(2)}` : UNKNOWN,
      test ? `${test.b} and ${test.c}` : UNKNOWN,
      test ? probability(test.p) : UNKNOWN,
      percent(similarity?.widths ?? null),
      percent(similarity?.units ?? null),
      verdict === 'notComparable'
        ? `may not be compared (${reasons.map(({ rule }) => rule).join(', ')})`
        : '',
    ]),
  );
}

function spread(value: { readonly mean: number; readonly deviation: number | null } | null): string {
  if (!value) return UNKNOWN;
  const { mean, deviation } = value;
  return deviation === null ? percent(mean) : `${percent(mean)} ± ${(100 * deviation).toFixed(2)}`;
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

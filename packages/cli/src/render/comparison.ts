import { apartWords } from '@espalier/comparison';
import { type AnyMetric, metricBy } from '@espalier/engines';
import type { ComparedGroup, ComparedPair, ComparedRun, Comparison, Verdict } from '../remote/comparison.ts';
import { changeOf, columnHead, commonMetric, metricNamed } from '../remote/quality.ts';
import { onStdout } from './colour.ts';
import { ratioWords, speedupWords } from './speedup.ts';
import { left, listing, right } from './table.ts';
import { magnitude, metricChange, metricValue, milliseconds, percent, points, UNKNOWN } from './units.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  comparable: 'These runs are comparable: they were made under equal conditions.',
  reservations: 'These runs are comparable with reservations:',
  notComparable: 'These runs are not comparable:',
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
  const common = commonMetric(runs.map(({ qualityMetric }) => metricBy(qualityMetric)));
  return listing(runs, [
    right('', (_, i) => String(i + 1)),
    left('run', ({ id }) => id ?? UNKNOWN),
    left('strategy', ({ strategy }) => strategy ?? UNKNOWN),
    left('target', ({ metric, share }) => `${metric} −${percent(share)}`),
    right('seed', ({ seed }) => String(seed)),
    ...(common ? [] : [left<ComparedRun>('judged by', (run) => metricBy(run.qualityMetric).label)]),
    right(common ? columnHead(common) : 'value', ({ state, qualityMetric, value }) =>
      state === 'finished' ? metricValue(metricBy(qualityMetric), value) : (state ?? UNKNOWN),
    ),
    right('change', ({ qualityMetric: name, valueDrop: drop }) =>
      drop === null ? UNKNOWN : metricChange(metricBy(name), changeOf(metricBy(name), drop)),
    ),
    right('MACs', ({ macs }) => (macs === null ? UNKNOWN : magnitude(macs))),
    right('removed', ({ savedMacs }) => percent(savedMacs)),
    right('params', ({ params }) => (params === null ? UNKNOWN : magnitude(params))),
    right('removed', ({ savedParams }) => percent(savedParams)),
    right('latency', ({ latencyMs }) => (latencyMs === null ? UNKNOWN : milliseconds(latencyMs))),
    ...(runs.some(({ ratioLatency }) => ratioLatency !== null)
      ? [right<ComparedRun>('as fast', asFast)]
      : []),
    ...timesOnDevice(runs),
  ]);
}

/** The ratio of latency with its interval. */
function asFast({ ratioLatency: ratio, latencyInterval }: ComparedRun): string {
  return ratio === null ? UNKNOWN : ratioWords('latency', ratio, { latencyInterval });
}

/** Of runs that use a device profile: what it predicts, and what its machine measured. */
function timesOnDevice(runs: readonly ComparedRun[]) {
  const told = (ms: number | null, speed: string | null) =>
    ms === null ? UNKNOWN : [milliseconds(ms), ...(speed === null ? [] : [speed])].join(', ');
  return [
    ...(runs.some(({ predictedMs }) => predictedMs !== null)
      ? [
          right<ComparedRun>('on the device, predicted', ({ predictedMs, ratioPredicted: ratio }) =>
            told(predictedMs, ratio === null ? null : ratioWords('predicted', ratio, {})),
          ),
        ]
      : []),
    ...(runs.some(({ measuredMs }) => measuredMs !== null)
      ? [
          right<ComparedRun>('measured', ({ measuredMs, ratioMeasured: ratio, measuredInterval }) =>
            told(
              measuredMs,
              ratio === null || !measuredInterval ? null : speedupWords({ ratio, ...measuredInterval }),
            ),
          ),
        ]
      : []),
  ];
}

type RankedStrategy = ComparedGroup['ranks']['strategies'][number];

function rankTable({ ranks, qualityMetric }: ComparedGroup): string {
  const judgedBy = metricNamed(qualityMetric.name);
  const table = listing(ranks.strategies, [
    left('strategy', ({ strategy }) => strategy.name),
    right('mean rank', ({ meanRank }) => (meanRank === null ? UNKNOWN : meanRank.toFixed(2))),
    right(`mean ${columnHead(judgedBy)}`, ({ overall }) => spread(judgedBy, overall)),
    ...ranks.points.map(({ metric, share }, i) =>
      right<RankedStrategy>(`${metric} −${percent(share)}`, ({ points: cells }) => {
        const cell = cells[i];
        if (!cell) return UNKNOWN;
        return cell.rank === null ? spread(judgedBy, cell) : `${cell.rank}. ${spread(judgedBy, cell)}`;
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
        return `not comparable (${reasons.map(({ rule }) => rule).join(', ')})`;
      return apart === null ? '' : apartWords(apart);
    }),
  ]);
}

function spread(
  metric: AnyMetric,
  value: { readonly mean: number; readonly deviation: number | null } | null,
): string {
  if (!value) return UNKNOWN;
  const { mean, deviation } = value;
  const told = metricValue(metric, mean);
  if (deviation === null) return told;
  return `${told} ± ${metric.unit === 'share' ? (100 * deviation).toFixed(2) : metricValue(metric, deviation)}`;
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

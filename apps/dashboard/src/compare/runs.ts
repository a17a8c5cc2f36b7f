// The columns of the API's answer as one record a run, and what is told of each.
import { bytes, count, fixed, milliseconds, percent, points, times, UNKNOWN } from '#src/format/numbers.ts';
import { markedName, markWords } from '#src/format/origin.ts';
import {
  changeOf,
  changeText,
  commonMetric,
  directionWords,
  headOf,
  metricNamed,
  valueText,
} from '#src/format/quality.ts';
import { stateWord } from '#src/format/status.ts';
import { isCostMetric, SAVED, targetWords } from '#src/format/strategies.ts';
import { type Interval, speedText } from '#src/runs/speedup-words.ts';
import type { Comparison } from './compare-query.ts';
import type { Property } from './difference.ts';

export type ComparedRun = ReturnType<typeof comparedRuns>[number];

/** Every run has its texts, share and seed; other numbers are null where they are not known. */
export function comparedRuns({ columns, onFront }: Pick<Comparison, 'columns' | 'onFront'>) {
  const origin = (run: number) => columns.origin[run] ?? null;
  const evidence = (run: number) => columns.evidence[run] ?? null;
  return columns.id.map((id, run) => {
    const text = (column: readonly (string | null)[]) => column[run] ?? '';
    const number = (column: readonly (number | null)[]) => column[run] ?? null;
    return {
      id: id ?? '',
      name: markedName(text(columns.name), { origin: origin(run), evidence: evidence(run) }),
      mark: { origin: origin(run), tool: columns.tool[run] ?? null, evidence: evidence(run) },
      strategy: text(columns.strategy),
      strategyKey: text(columns.strategyKey),
      networkHash: columns.networkHash[run] ?? null,
      experiment: text(columns.experiment),
      experimentId: text(columns.experimentId),
      model: text(columns.model),
      modelId: text(columns.modelId),
      dataset: text(columns.dataset),
      datasetId: text(columns.datasetId),
      allocation: text(columns.allocation),
      criterion: text(columns.criterion),
      metric: text(columns.metric),
      share: number(columns.share) ?? 0,
      seed: number(columns.seed) ?? 0,
      state: text(columns.state),
      tags: columns.tags[run] ?? [],
      judgedBy: metricNamed(columns.qualityMetric[run] ?? null),
      value: number(columns.value),
      baseValue: number(columns.baseValue),
      prunedValue: number(columns.prunedValue),
      repairedValue: number(columns.repairedValue),
      valueDrop: number(columns.valueDrop),
      top1: number(columns.top1),
      top5: number(columns.top5),
      loss: number(columns.loss),
      macs: number(columns.macs),
      savedMacs: number(columns.savedMacs),
      params: number(columns.params),
      savedParams: number(columns.savedParams),
      bytes: number(columns.bytes),
      savedLatency: number(columns.savedLatency),
      profile: columns.profile[run] ?? null,
      profiledDevice: columns.profiledDevice[run] ?? null,
      predictedMs: number(columns.predictedMs),
      ratioPredicted: number(columns.ratioPredicted),
      measuredMs: number(columns.measuredMs),
      ratioMeasured: number(columns.ratioMeasured),
      measuredInterval: interval(columns.ratioMeasuredLow[run], columns.ratioMeasuredHigh[run]),
      latencyMs: number(columns.latencyMs),
      ratioParams: number(columns.ratioParams),
      ratioMacs: number(columns.ratioMacs),
      ratioBytes: number(columns.ratioBytes),
      ratioLatency: number(columns.ratioLatency),
      latencyInterval: interval(columns.ratioLatencyLow[run], columns.ratioLatencyHigh[run]),
      ratioThroughput: number(columns.ratioThroughput),
      throughputInterval: interval(columns.ratioThroughputLow[run], columns.ratioThroughputHigh[run]),
      // No other run of the comparison is both cheaper in MACs and at least as good by the same metric.
      onFront: onFront[run] ?? false,
    };
  });
}

/** Null where one of its ends was not kept. */
function interval(low: number | null | undefined, high: number | null | undefined): Interval | null {
  return typeof low === 'number' && typeof high === 'number' ? { low, high } : null;
}

/** What is not as usual about a strategy, behind the names of its allocation and criterion. */
export function settingsOf({ strategy }: ComparedRun): string {
  return strategy.split(' · ').slice(2).join(', ') || 'usual';
}

/** The rows of the difference table, in the order that one asks: what, how, how good, how costly. */
export function properties(runs: readonly ComparedRun[]): Property[] {
  const words = (name: string, of: (run: ComparedRun) => string): Property => ({
    name,
    values: runs.map(of),
    show: String,
  });
  const measure = (
    name: string,
    of: (run: ComparedRun) => number | null,
    rest: Pick<Property, 'show' | 'delta' | 'better' | 'unjudged'>,
  ): Property => ({ name, values: runs.map(of), ...rest });
  const unjudged = (column: number, baseline: number) => areApart(runs[column], runs[baseline]);
  const accuracy = { show: numeric((value) => percent(value)), delta: (d: number) => points(d), unjudged };
  const metric = commonMetric(runs.map(({ judgedBy }) => judgedBy));
  const better = metric?.direction === 'LOWER' ? 'lower' : 'higher';
  // By several metrics: each value says its unit, and there is nothing to subtract.
  const worth = (name: string, of: (run: ComparedRun) => number | null, rest: Partial<Property> = {}) =>
    metric
      ? measure(name, of, {
          ...{ show: numeric((value) => valueText(metric, value)), unjudged },
          ...{ delta: (d: number) => changeText(metric, d), ...rest },
        })
      : words(name, (run) => valueText(run.judgedBy, of(run)));
  const head = metric ? headOf(metric) : 'Value';
  const amount = { show: numeric((value) => count(value)), delta: signed((value) => count(value)) };
  const size = { show: numeric((value) => bytes(value)), delta: signed((value) => count(value, 'B')) };
  const share = { show: numeric((value) => percent(value, 1)), delta: (d: number) => points(d, 1) };
  const time = { show: numeric(milliseconds), delta: signed(milliseconds) };
  const ratio = {
    show: numeric((value) => times(value, 1)),
    delta: signed((value) => times(value, 1)),
    better: 'higher',
  } as const;
  /** A ratio of times with its interval. Where the intervals of two meet, neither is the faster one. */
  const speed = (
    name: string,
    of: (run: ComparedRun) => number | null,
    within: (run: ComparedRun) => Interval | null = () => null,
  ) => {
    const intervals = runs.map(within);
    return measure(name, of, {
      ...ratio,
      show: (value, column) => speedText(typeof value === 'number' ? value : null, intervals[column]),
      unjudged: (column, baseline) => meet(intervals[column], intervals[baseline]),
    });
  };
  return [
    words('Experiment', (run) => run.experiment),
    words('Model', (run) => run.model),
    words('Data set', (run) => run.dataset),
    words('Allocation', (run) => run.allocation),
    words('Criterion', (run) => run.criterion),
    words('Settings', settingsOf),
    words('To remove', targetWords),
    words('Seed', (run) => String(run.seed)),
    words('Origin', ({ mark }) => markWords(mark) ?? 'workers of this platform'),
    words('State', (run) => stateWord(run.state)),
    words('Tags', (run) => run.tags.join(', ') || UNKNOWN),
    words('Judged by', ({ judgedBy }) => `${judgedBy.label} (${directionWords(judgedBy)})`),
    worth(head, (run) => run.value, { better }),
    worth(`${head} unpruned`, (run) => run.baseValue),
    metric
      ? measure('Change by pruning', (run) => changeOf(metric, run.valueDrop), {
          ...{ show: numeric((value) => changeText(metric, value)), better, unjudged },
          delta: (d) => changeText(metric, d),
        })
      : words('Change by pruning', (run) => changeText(run.judgedBy, changeOf(run.judgedBy, run.valueDrop))),
    worth(`${head} as cut`, (run) => run.prunedValue, { better }),
    worth(`${head} repaired`, (run) => run.repairedValue, { better }),
    ...(metric?.name === 'TOP1'
      ? []
      : [measure('Top-1', (run) => run.top1, { ...accuracy, better: 'higher' } as const)]),
    measure('Top-5', (run) => run.top5, { ...accuracy, better: 'higher' }),
    measure('Loss (nats)', (run) => run.loss, {
      show: numeric((value) => fixed(value)),
      delta: signed((value) => fixed(value)),
      better: 'lower',
      unjudged,
    }),
    measure('MACs', (run) => run.macs, { ...amount, better: 'lower' }),
    measure('MACs removed', (run) => run.savedMacs, { ...share, better: 'higher' }),
    measure('Params', (run) => run.params, { ...amount, better: 'lower' }),
    measure('Params removed', (run) => run.savedParams, { ...share, better: 'higher' }),
    measure('File', (run) => run.bytes, { ...size, better: 'lower' }),
    measure('Time removed, by the profile', (run) => run.savedLatency, { ...share, better: 'higher' }),
    measure('Time on the device, predicted', (run) => run.predictedMs, { ...time, better: 'lower' }),
    speed('As fast on the device, predicted', (run) => run.ratioPredicted),
    measure('Time on the device, measured', (run) => run.measuredMs, { ...time, better: 'lower' }),
    speed(
      'As fast on the device, measured',
      (run) => run.ratioMeasured,
      (run) => run.measuredInterval,
    ),
    words('Device of the profile', (run) => run.profiledDevice ?? UNKNOWN),
    measure('Latency (p50, one image)', (run) => run.latencyMs, { ...time, better: 'lower' }),
    measure('Fewer MACs than unpruned', (run) => run.ratioMacs, ratio),
    measure('Fewer params than unpruned', (run) => run.ratioParams, ratio),
    measure('Smaller file than unpruned', (run) => run.ratioBytes, ratio),
    speed(
      'As fast as unpruned',
      (run) => run.ratioLatency,
      (run) => run.latencyInterval,
    ),
    speed(
      'Throughput against unpruned',
      (run) => run.ratioThroughput,
      (run) => run.throughputInterval,
    ),
  ];
}

/** Above this two achieved savings are two operating points, at which accuracies name no winner. */
export const SAME_SAVING = 0.02;

/** Whether savings lie apart: in the cost that both were to save, or in all that both know, by one device. */
function areApart(a: ComparedRun | undefined, b: ComparedRun | undefined): boolean {
  if (!a || !b) return false;
  const apart = (saved: keyof Pick<ComparedRun, 'savedMacs' | 'savedParams' | 'savedLatency'>) => {
    const [one, other] = [a[saved], b[saved]];
    return one === null || other === null ? null : Math.abs(one - other) > SAME_SAVING + 1e-9;
  };
  const { LATENCY, ...counted } = SAVED;
  const costs = a.profile === b.profile ? { ...counted, LATENCY } : counted;
  const asked = a.metric === b.metric && isCostMetric(a.metric) && a.metric in costs ? SAVED[a.metric] : null;
  if (asked) return apart(asked) ?? false;
  const known = Object.values(costs)
    .map(apart)
    .filter((each) => each !== null);
  return known.length > 0 && known.every(Boolean);
}

/** Whether two intervals have a ratio in common; null is one that is not known. */
function meet(a: Interval | null | undefined, b: Interval | null | undefined): boolean {
  return !!a && !!b && a.low <= b.high && b.low <= a.high;
}

function numeric(format: (value: number | null) => string): Property['show'] {
  return (value) => format(typeof value === 'number' ? value : null);
}

/** A difference in a unit: its size with the sign in front. */
function signed(format: (value: number) => string): (difference: number) => string {
  return (difference) => {
    if (difference === 0) return '±0';
    return `${difference > 0 ? '+' : '−'}${format(Math.abs(difference))}`;
  };
}

/** What the runs share and what not, of the things that must be equal before accuracies may be compared. */
export function commonGround(runs: readonly ComparedRun[]): {
  readonly same: string[];
  readonly different: string[];
} {
  const parts: readonly (readonly [name: string, of: (run: ComparedRun) => string])[] = [
    ['experiment', (run) => run.experimentId],
    ['model', (run) => run.modelId],
    ['data set', (run) => run.datasetId],
    ['target', targetWords],
  ];
  const same: string[] = [];
  const different: string[] = [];
  for (const [name, of] of parts) {
    (new Set(runs.map(of)).size === 1 ? same : different).push(name);
  }
  return { same, different };
}

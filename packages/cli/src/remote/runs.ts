import { type Client, type FragmentOf, graphql } from '@espalier/client';
import type { AnyMetric } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { ratioWords, speedupWords } from '../render/speedup.ts';
import { left, listing, right } from '../render/table.ts';
import { count, magnitude, metricValue, milliseconds, percent, UNKNOWN } from '../render/units.ts';
import { wordOf } from './enum-words.ts';
import { columnHead, commonMetric, metricNamed, unprunedValue } from './quality.ts';

export const runFields = graphql(`
  fragment RunFields on Run {
    id name strategy { name } allocation criterion metric share seed state isOver error prunedTop1 repairedTop1 prunedValue repairedValue progress { waitsFor done total }
    experiment { qualityMetric { name } }
    result {
      value prunedValue repairedValue valueDrop top1 prunedTop1 repairedTop1 drop params macs bytes latencyMs throughput sha256 downloadUrl extension
      repaired { sha256 downloadUrl } repair { images }
      base { params macs bytes latencyMs throughput value top1 top5 loss }
      ratio { params macs bytes latency throughput predicted } latencyInterval { low high } throughputInterval { low high }
      latency { device { name } predicted { milliseconds baseMilliseconds } measured { milliseconds baseMilliseconds speedup { ratio low high } } }
    }
  }
`);

/** A run as the commands ask for it, and tell it. */
export type Run = ReturnType<typeof runOf>;

export function runOf(answer: FragmentOf<typeof runFields>) {
  const { waitsFor } = answer.progress;
  return {
    ...answer,
    ...{ metric: wordOf(answer.metric), state: wordOf(answer.state) },
    progress: { ...answer.progress, waitsFor: waitsFor && wordOf(waitsFor) },
  };
}

const oneRun = graphql('query OneRun($id: ID!) { run(id: $id) { ...RunFields } }', [runFields]);

const runsOfExperiment = graphql(
  `
    query RunsOfExperiment($after: String, $experimentId: ID!) {
      page: runs(first: 100, after: $after, filter: { experiment: { in: [$experimentId] } }) {
        nodes { ...RunFields } pageInfo { hasNextPage endCursor }
      }
    }
  `,
  [runFields],
);

/** As people call it. */
export function stateWord(state: Run['state']): string {
  return state === 'finetuning' ? 'fine-tuning' : state;
}

/** @throws {InputError} if there is none */
export async function findRun(client: Client, id: string): Promise<Run> {
  const { run } = await client.ask(oneRun, { id });
  if (!run) throw new InputError(`there is no run ${id}`);
  return runOf(run);
}

/** All runs of an experiment, the oldest first. */
export async function runsOf(client: Client, experimentId: string): Promise<Run[]> {
  const runs = await client.all(runsOfExperiment, { experimentId });
  return runs.map(runOf).reverse();
}

/** Where a training follows it is known before there is a result. */
function onTheWay(of: 'prunedValue' | 'repairedValue') {
  return (run: Run | null): string => {
    const value = run?.result?.[of] ?? run?.[of] ?? null;
    return run === null || value === null ? '' : metricValue(judgedBy(run), value);
  };
}

function judgedBy({ experiment }: Run): AnyMetric {
  return metricNamed(experiment.qualityMetric.name);
}

/** Of runs that are judged by several metrics each value says by which it is. */
function worth(runs: readonly Run[], unpruned: { readonly value: number | null } | undefined) {
  const metric = commonMetric(runs.map(judgedBy));
  return right<Run | null>(metric ? columnHead(metric) : 'value', (run) => {
    if (run === null) return metric && unpruned ? metricValue(metric, unpruned.value) : '';
    if (!run.result) return '';
    const value = metricValue(judgedBy(run), run.result.value);
    return metric ? value : `${judgedBy(run).label} ${value}`;
  });
}

/** The ratio of latency with its interval. */
function speedOf(run: Run | null): string {
  const ratio = run?.result?.ratio.latency ?? null;
  if (ratio === null) return run?.result ? UNKNOWN : '';
  return ratioWords('latency', ratio, run?.result ?? {});
}

/** Of runs that use a device profile: what it predicts, and what its machine measured. */
function timesOnDevice(runs: readonly Run[]) {
  const has = (of: 'predicted' | 'measured') => runs.some(({ result }) => result?.latency?.[of]);
  const cell = (of: 'predicted' | 'measured') => (run: Run | null) => {
    const { result } = run ?? {};
    const time = result?.latency?.[of];
    if (!result || !time) return result ? UNKNOWN : '';
    const { milliseconds: ms, baseMilliseconds: baseMs } = time;
    const speed =
      'speedup' in time ? speedupWords(time.speedup) : ratioWords('predicted', baseMs / ms, result);
    return `${milliseconds(ms)}, ${speed}`;
  };
  return [
    ...(has('predicted') ? [right<Run | null>('on the device, predicted', cell('predicted'))] : []),
    ...(has('measured') ? [right<Run | null>('measured', cell('measured'))] : []),
  ];
}

/** Runs with their results; on top of those of one experiment the network as it was given. */
export function runTable(
  runs: readonly Run[],
  given?: {
    readonly model: { readonly params: number; readonly macs: number };
    readonly qualityMetric: { readonly name: string };
    readonly base: {
      readonly top1: number;
      readonly top5: number | null;
      readonly loss: number | null;
    } | null;
  },
): string {
  if (runs.length === 0) return 'no runs';
  const timed = runs.find(({ result }) => result?.base.latencyMs != null)?.result?.base;
  const unpruned = given && {
    ...given.model,
    value: unprunedValue(metricNamed(given.qualityMetric.name), given.base),
    latencyMs: timed?.latencyMs ?? null,
    throughput: timed?.throughput ?? null,
  };
  const found = (show: (result: NonNullable<typeof unpruned>) => string) => (run: Run | null) => {
    const result = run ? run.result : unpruned;
    return result ? show(result) : '';
  };
  return listing<Run | null>(
    [...(given ? [null] : []), ...runs],
    [
      left('run', (run) => run?.id ?? ''),
      left('strategy', (run) => run?.strategy.name ?? 'unpruned'),
      left('target', (run) => (run ? `${run.metric} −${percent(run.share)}` : '')),
      right('seed', (run) => String(run?.seed ?? '')),
      left('state', (run) => (run ? stateWord(run.state) : '')),
      worth(runs, unpruned),
      right('as cut', onTheWay('prunedValue')),
      // Of several runs, some may be of before there was a repair.
      ...(runs.some((run) => onTheWay('repairedValue')(run) !== '')
        ? [right<Run | null>('repaired', onTheWay('repairedValue'))]
        : []),
      right(
        'params',
        found(({ params }) => magnitude(params)),
      ),
      right(
        'MACs',
        found(({ macs }) => magnitude(macs)),
      ),
      right(
        'latency',
        found(({ latencyMs: ms }) => (ms === null ? UNKNOWN : milliseconds(ms))),
      ),
      ...(runs.some(({ result }) => result?.ratio.latency != null)
        ? [right<Run | null>('as fast', speedOf)]
        : []),
      ...timesOnDevice(runs),
      right(
        'images/s',
        found(({ throughput }) => (throughput === null ? UNKNOWN : count(throughput))),
      ),
    ],
  );
}

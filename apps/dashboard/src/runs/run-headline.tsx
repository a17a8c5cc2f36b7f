import { count, milliseconds, times, UNKNOWN } from '#src/format/numbers.ts';
import { directionWords, headOf, unprunedValue, valueText } from '#src/format/quality.ts';
import { latencyHeadline } from './latency-words.ts';
import type { RunDetail } from './run-page-query.ts';
import { speedupWords } from './speedup-words.ts';
import { networksOf } from './steps.ts';

interface Change {
  readonly name: string;
  readonly note: string;
  /** From the unpruned network on. */
  readonly values: readonly string[];
}

/** The story in one line: what it was worth, right after the cut, and now; what it cost and costs. */
export function RunHeadline({ run }: { run: RunDetail }) {
  return (
    <dl className="mb-4 grid grid-cols-2 gap-x-8 gap-y-3 lg:grid-cols-[1.6fr_1fr_1fr_1fr]">
      {changes(run).map(({ name, note, values }) => (
        <div key={name}>
          <dt className="text-small text-ink-soft">{name}</dt>
          <dd className="text-lead tabular-nums">
            {values.slice(0, -1).map((value) => `${value} → `)}
            {values.length > 1 ? <strong>{values.at(-1)}</strong> : values}
          </dd>
          <dd className="text-small text-ink-soft">{note}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A run that is both repaired and trained knows before its training what it begins with. */
function valueSoFar({ prunedValue, repairedValue, experiment }: RunDetail): Change {
  const { qualityMetric: metric, base } = experiment;
  const name = headOf(metric);
  const unpruned = valueText(metric, unprunedValue(metric, base));
  if (repairedValue === null)
    return { name, note: 'of the unpruned network, test split', values: [unpruned] };
  return {
    name,
    note: `test split so far: unpruned → as cut → repaired${preferred(metric)}`,
    values: [unpruned, valueText(metric, prunedValue), valueText(metric, repairedValue)],
  };
}

/** Of accuracies everybody knows which way is better. */
function preferred(metric: RunDetail['experiment']['qualityMetric']): string {
  return metric.direction === 'LOWER' ? `; ${directionWords(metric)}` : '';
}

/** What was imported is not timed here. */
function whenMeasured({ origin }: RunDetail): string {
  return origin === 'EXTERNAL' ? 'not measured' : 'measured at the end';
}

function changes(run: RunDetail): Change[] {
  const { result, experiment } = run;
  const { model } = experiment;
  if (!result) {
    return [
      valueSoFar(run),
      { name: 'MACs', note: 'of the unpruned network', values: [count(model.macs)] },
      { name: 'Params', note: 'of the unpruned network', values: [count(model.params)] },
      { name: 'Latency', note: whenMeasured(run), values: [UNKNOWN] },
    ];
  }
  const { base: before, ratio, macs, params, latency, latencyMs, latencyInterval } = result;
  const { qualityMetric: metric } = experiment;
  const steps = networksOf({ result, experiment });
  return [
    {
      name: headOf(metric),
      note: `test split: ${steps.map(({ name }) => name.toLowerCase()).join(' → ')}${preferred(metric)}`,
      values: steps.map(({ value }) => valueText(metric, value)),
    },
    {
      name: 'MACs',
      note: `${times(ratio.macs, 1)} fewer than the model`,
      values: [count(before.macs), count(macs)],
    },
    {
      name: 'Params',
      note: `${times(ratio.params, 1)} smaller than the model`,
      values: [count(before.params), count(params)],
    },
    // What a device takes is told before what the worker's own machine does.
    latency
      ? latencyHeadline(latency)
      : {
          name: 'Latency',
          note: latencyMs
            ? `p50, one image; ${speedupWords(ratio.latency, latencyInterval, 'as fast')}`
            : whenMeasured(run),
          values: latencyMs ? [before.latencyMs, latencyMs].map(milliseconds) : [UNKNOWN],
        },
  ];
}

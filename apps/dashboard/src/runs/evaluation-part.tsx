import type { ReactNode } from 'react';
import {
  bytes,
  count,
  difference,
  fixed,
  grouped,
  type Maybe,
  milliseconds,
  percent,
  points,
  rate,
  times,
  UNKNOWN,
} from '#src/format/numbers.ts';
import {
  changeOf,
  changeText,
  directionWords,
  headOf,
  type QualityMetric,
  valueText,
} from '#src/format/quality.ts';
import { CopyIcon } from '#src/ui/copy-icon.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { FactsTable } from '#src/ui/facts-table.tsx';
import { Section } from '#src/ui/section.tsx';
import { NoResult } from './no-result.tsx';
import type { Provenance } from './result-fields.ts';
import type { RunDetail } from './run-page-query.ts';
import { sourceFacts } from './source-facts.ts';
import { speedupWords } from './speedup-words.ts';
import { networksOf, type Step } from './steps.ts';
import { provenanceFacts } from './words.ts';

/** What is measured, and of each network on the way; last the change against the unpruned one. */
type Measure = readonly [name: string, ...values: string[]];

/** The network as given, right after the cut, repaired and as exported, side by side, and where the figures come from. */
export function EvaluationPart({ run }: { run: RunDetail }) {
  const { result, experiment } = run;
  if (!result) return <NoResult state={run.state} />;
  const steps = networksOf({ result, experiment });
  const heads = [...steps.map(({ name }) => name), 'Change'];
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Section title="Measured" aside={`${grouped(result.images)} images of the test split`}>
        <DataTable
          caption="The network as given, as cut and behind what followed"
          rows={measures(result, steps, experiment.qualityMetric)}
          keyOf={([name]) => name}
          columns={[
            {
              name: 'Measure',
              unseen: true,
              namesRow: true,
              className: 'py-1 pr-2 font-normal',
              cell: ([name]) => name,
            },
            ...heads.map((name, i) => ({
              name,
              right: true,
              className: i === steps.length - 1 ? 'font-medium' : '',
              cell: (measure: Measure) => measure[i + 1],
            })),
          ]}
        />
        <p className="mt-2 text-small text-ink-soft" hidden={run.source !== null}>
          Latency: the median of one image at a time. Throughput: {batchWords(result.provenance)}. Both
          networks were measured in turns on the same worker.
        </p>
      </Section>
      <Section title="Where it comes from">
        <FactsTable
          facts={[
            ...hashFacts(result),
            ...sourceFacts(run.source, result, experiment.qualityMetric),
            ...(result.provenance ? provenanceFacts(result.provenance) : []),
          ]}
        />
      </Section>
    </div>
  );
}

/** Nothing of an imported result whose network was not sent. */
function hashFacts({ sha256, networkHash }: NonNullable<RunDetail['result']>): [string, ReactNode][] {
  if (sha256 === null || networkHash === null) return [];
  return [
    ['File (sha256)', <Hash key="file" value={sha256} label="Copy the hash of the file" />],
    [
      'Network (structure and weights)',
      <Hash key="network" value={networkHash} label="Copy the hash of the network" />,
    ],
  ];
}

function measures(
  result: NonNullable<RunDetail['result']>,
  steps: readonly Step[],
  metric: QualityMetric,
): Measure[] {
  const { base, ratio, drop, latencyMs, throughput, top5, loss, macs, params } = result;
  // Of the networks between the cut and the exported one only the value is told.
  const between = steps.slice(2, -1);
  const row = (
    name: string,
    show: (value: Maybe) => string,
    [unpruned, cut, exported]: readonly [Maybe, Maybe, Maybe],
    change: string,
    same: Maybe = null,
  ): Measure => [name, show(unpruned), show(cut), ...between.map(() => show(same)), show(exported), change];
  const perSecond = (ms: Maybe) => (ms ? rate(1000 / ms) : UNKNOWN);
  const latency = [base.latencyMs, null, latencyMs] as const;
  const isLabelled = result.top1 !== null || base.top1 !== null || metric.name === 'TOP1';
  const images = [base.throughput, null, throughput] as const;
  return [
    ...(metric.name === 'TOP1' ? [] : [byMetric(result, steps, metric)]),
    ...(isLabelled
      ? [
          [
            'Top-1',
            ...steps.map((step) => percent(step.top1)),
            points(drop === null ? null : -drop),
          ] as const,
          row('Top-5', percent, [base.top5, null, top5], points(difference(top5, base.top5))),
          row('Loss (nats)', fixed, [base.loss, null, loss], signed(difference(loss, base.loss))),
        ]
      : []),
    row('MACs', count, [base.macs, macs, macs], `${times(ratio.macs, 1)} fewer`, macs),
    row('Params', count, [base.params, params, params], `${times(ratio.params, 1)} smaller`, params),
    row('File', bytes, [base.bytes, null, result.bytes], `${times(ratio.bytes, 1)} smaller`),
    row(
      'Latency (p50)',
      milliseconds,
      latency,
      speedupWords(ratio.latency, result.latencyInterval, 'as fast'),
    ),
    row('One by one', perSecond, latency, UNKNOWN),
    row('Throughput', rate, images, speedupWords(ratio.throughput, result.throughputInterval, 'as many')),
  ];
}

/** "Output error (lower is better)" */
function byMetric(
  { valueDrop }: NonNullable<RunDetail['result']>,
  steps: readonly Step[],
  metric: QualityMetric,
) {
  return [
    `${headOf(metric)} (${directionWords(metric)})`,
    ...steps.map(({ value }) => valueText(metric, value)),
    changeText(metric, changeOf(metric, valueDrop)),
  ] as const;
}

function batchWords(provenance: Provenance | null): string {
  const throughputBatch = provenance?.throughputBatch ?? null;
  return throughputBatch !== null ? `${throughputBatch} images at a time` : 'in batches';
}

function Hash({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex items-center gap-1">
      <span className="font-mono text-small break-all">{value}</span>
      <CopyIcon text={value} label={label} />
    </span>
  );
}

function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${fixed(value)}` : fixed(value);
}

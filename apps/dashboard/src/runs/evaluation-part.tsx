import {
  count,
  fixed,
  grouped,
  milliseconds,
  percent,
  points,
  rate,
  times,
  UNKNOWN,
} from '#src/format/numbers.ts';
import { FactsTable } from '#src/ui/facts-table.tsx';
import { Section } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { RunDetail } from './run-page-query.ts';
import { provenanceFacts } from './words.ts';

interface Measure {
  readonly name: string;
  readonly unpruned: string;
  readonly cut: string;
  readonly exported: string;
  /** Against the unpruned network. */
  readonly change: string;
}

/** The network as given, right after the cut and as exported, side by side, and where the figures come from. */
export function EvaluationPart({ run }: { run: RunDetail }) {
  const { result } = run;
  if (!result) return <p className="py-2 text-ink-soft">Results come here when the run is done.</p>;
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Section title="Measured" aside={`${grouped(result.images)} images of the test split`}>
        <Table caption="The network as given, as cut and as exported">
          <thead>
            <tr>
              <Th>
                <span className="sr-only">Measure</span>
              </Th>
              <Th right>Unpruned</Th>
              <Th right>As cut</Th>
              <Th right>As exported</Th>
              <Th right>Change</Th>
            </tr>
          </thead>
          <tbody>
            {measures(run, result).map(({ name, unpruned, cut, exported, change }) => (
              <Tr key={name}>
                <th scope="row" className="border-b border-line py-1 pr-2 font-normal">
                  {name}
                </th>
                <Td right>{unpruned}</Td>
                <Td right>{cut}</Td>
                <Td right className="font-medium">
                  {exported}
                </Td>
                <Td right>{change}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
        <p className="mt-2 text-small text-ink-soft">
          Latency: the median of one image at a time. Throughput: {batchWords(result.provenance)}. Both
          networks were measured in turns on the same worker.
        </p>
      </Section>
      <Section title="Where it comes from">
        <FactsTable
          facts={[
            ['File (sha256)', <Hash key="file" value={result.sha256} />],
            ['Network (structure and weights)', <Hash key="network" value={result.networkHash} />],
            ...provenanceFacts(result.provenance),
          ]}
        />
      </Section>
    </div>
  );
}

function measures(run: RunDetail, result: NonNullable<RunDetail['result']>): Measure[] {
  const { base, model } = run.experiment;
  const { baseLatencyMs, latencyMs, baseThroughput, throughput } = result;
  const perSecond = (ms: number | null) => (ms ? rate(1000 / ms) : UNKNOWN);
  return [
    {
      ...{ name: 'Top-1', unpruned: percent(base?.top1), cut: percent(result.prunedTop1) },
      ...{ exported: percent(result.top1), change: points(difference(result.top1, base?.top1)) },
    },
    {
      ...{ name: 'Top-5', unpruned: percent(base?.top5), cut: UNKNOWN },
      ...{ exported: percent(result.top5), change: points(difference(result.top5, base?.top5)) },
    },
    {
      ...{ name: 'Loss (nats)', unpruned: fixed(base?.loss), cut: UNKNOWN, exported: fixed(result.loss) },
      change: signed(difference(result.loss, base?.loss)),
    },
    {
      ...{ name: 'MACs', unpruned: count(model.macs), cut: count(result.macs), exported: count(result.macs) },
      change: `${times(model.macs, result.macs)} fewer`,
    },
    {
      ...{ name: 'Params', unpruned: count(model.params), cut: count(result.params) },
      ...{ exported: count(result.params), change: `${times(model.params, result.params)} smaller` },
    },
    {
      ...{ name: 'Latency (p50)', unpruned: milliseconds(baseLatencyMs), cut: UNKNOWN },
      ...{ exported: milliseconds(latencyMs), change: `${times(baseLatencyMs, latencyMs)} as fast` },
    },
    {
      ...{ name: 'One by one', unpruned: perSecond(baseLatencyMs), cut: UNKNOWN },
      ...{ exported: perSecond(latencyMs), change: UNKNOWN },
    },
    {
      ...{ name: 'Throughput', unpruned: rate(baseThroughput), cut: UNKNOWN, exported: rate(throughput) },
      change: `${times(throughput, baseThroughput)} as many`,
    },
  ];
}

function batchWords({ throughputBatch }: Record<string, unknown>): string {
  return typeof throughputBatch === 'number' ? `${throughputBatch} images at a time` : 'in batches';
}

function Hash({ value }: { value: string }) {
  return (
    <span className="font-mono text-small break-all" title={value}>
      {value}
    </span>
  );
}

function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${fixed(value)}` : fixed(value);
}

function difference(a: number | null | undefined, b: number | null | undefined): number | null {
  return typeof a === 'number' && typeof b === 'number' ? a - b : null;
}

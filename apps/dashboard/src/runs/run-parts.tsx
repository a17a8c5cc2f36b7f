import Link from 'next/link';
import { Annotations } from '#src/annotations/annotations.tsx';
import { StructureBars } from '#src/charts/structure-bars.tsx';
import { duration, fixed, grouped, milliseconds, percent, points } from '#src/format/numbers.ts';
import { strategyColour, targetWords } from '#src/format/strategies.ts';
import { FactsTable } from '#src/ui/facts-table.tsx';
import type { LinkTab } from '#src/ui/link-tabs.tsx';
import { Section } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';
import { MatrixPart } from './matrix-part.tsx';
import { structureOf, traceOf } from './read-run.ts';
import type { RunDetail } from './run-page-query.ts';
import { SearchPart } from './search-part.tsx';
import { TrainingPart } from './training-part.tsx';

/** The parts that this run has something to show in. */
export function runTabs(run: RunDetail): LinkTab[] {
  return [
    { id: 'overview', name: 'Overview' },
    ...(run.sampling ? [{ id: 'matrix', name: 'Matrix' }] : []),
    ...(run.result ? [{ id: 'structure', name: 'Structure' }] : []),
    ...(run.epochs.length > 0 ? [{ id: 'training', name: 'Training' }] : []),
    ...(traceOf(run).length > 0 ? [{ id: 'search', name: 'Search' }] : []),
    { id: 'events', name: 'Events' },
  ];
}

interface PartProps {
  readonly run: RunDetail;
  readonly part: string;
  /** The team's tags, to choose from. */
  readonly known: readonly string[];
  readonly canEdit: boolean;
}

export function RunPart({ run, part, known, canEdit }: PartProps) {
  switch (part) {
    case 'matrix':
      return <Matrix run={run} />;
    case 'structure':
      return <StructureBars structure={structureOf(run)} colour={strategyColour(run.allocation)} />;
    case 'training':
      return <TrainingPart epochs={run.epochs} />;
    case 'search':
      return <SearchPart steps={traceOf(run)} target={run.share} />;
    case 'events':
      return <Events run={run} />;
    default:
      return <Overview run={run} known={known} canEdit={canEdit} />;
  }
}

function Matrix({ run }: { run: RunDetail }) {
  const { sampling } = run;
  if (!sampling?.matrix) {
    return <p className="text-ink-soft">The matrix comes when every share of the sampling is done.</p>;
  }
  return <MatrixPart matrix={sampling.matrix} structure={structureOf(run)} samples={sampling.samples} />;
}

function Overview({ run, known, canEdit }: Omit<PartProps, 'part'>) {
  const { result, experiment } = run;
  return (
    <div className="grid gap-8 lg:grid-cols-2">
      <Annotations
        id={run.id}
        tags={run.tags}
        notes={run.notes}
        known={known}
        canEdit={canEdit}
        className="lg:col-span-2"
      />
      <Section title="What was asked">
        <FactsTable
          facts={[
            [
              'Model',
              <Link key="model" href={`/models/${experiment.model.id}`} className="hover:underline">
                {experiment.model.name}
              </Link>,
            ],
            ['Data set', experiment.dataset.name],
            ['Allocation', run.allocation],
            ['Criterion', run.criterion],
            ['To remove', targetWords(run)],
            ['Seed', run.seed],
            ['Asked', <Time key="asked" at={run.createdAt} />],
            ['Ended', <Time key="ended" at={run.finishedAt} />],
          ]}
        />
      </Section>
      <Section title="What came of it">
        {result ? (
          <FactsTable
            facts={[
              ['Top-1 as exported', percent(result.top1)],
              ['Top-1 right after the cut', percent(result.prunedTop1)],
              ['Won back by training', points(difference(result.top1, result.prunedTop1))],
              ['Top-5', percent(result.top5)],
              ['Loss', `${fixed(result.loss)} nats`],
              ['Images judged by', grouped(result.images)],
              ['MACs removed', percent(result.savedMacs)],
              ['Params removed', percent(result.savedParams)],
              ['Latency (p50, one image)', milliseconds(result.latencyMs)],
              ['Time by stage', stageTimes(result.seconds)],
              [
                'File (sha256)',
                <span key="sha" className="font-mono text-small">
                  {result.sha256.slice(0, 16)}…
                </span>,
              ],
              ...Object.entries(result.provenance).map(
                ([name, value]) => [words(name), text(value)] as const,
              ),
            ]}
          />
        ) : (
          <p className="py-2 text-ink-soft">Results come here when the run is done.</p>
        )}
      </Section>
    </div>
  );
}

function Events({ run }: { run: RunDetail }) {
  return (
    <Table caption="Events of this run">
      <thead>
        <tr>
          <Th right className="w-12">
            No.
          </Th>
          <Th>What</Th>
          <Th>Details</Th>
          <Th right>When</Th>
        </tr>
      </thead>
      <tbody>
        {run.events.map(({ seq, kind, data, createdAt }) => (
          <Tr key={seq}>
            <Td right>{seq}</Td>
            <Td>{words(kind)}</Td>
            <Td className="text-ink-soft">{text(data)}</Td>
            <Td right className="text-ink-soft">
              <Time at={createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function stageTimes(seconds: Record<string, unknown>): string {
  return (
    Object.entries(seconds)
      .filter((entry): entry is [string, number] => typeof entry[1] === 'number')
      .map(([stage, value]) => `${words(stage)} ${duration(value)}`)
      .join(', ') || '–'
  );
}

/** "baseLatency" → "base latency". */
function words(name: string): string {
  return name
    .replaceAll('-', ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** Whatever it is, in a line. */
function text(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(text).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${words(name)} ${text(each)}`)
      .join(', ');
  }
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
}

import Link from 'next/link';
import { Annotations } from '#src/annotations/annotations.tsx';
import { foundThreshold } from '#src/charts/search.ts';
import { StructureBars } from '#src/charts/structure-bars.tsx';
import { duration, grouped, milliseconds, percent, points } from '#src/format/numbers.ts';
import { RUN_STATES, stateWord } from '#src/format/status.ts';
import { strategyColour, targetWords } from '#src/format/strategies.ts';
import { limitsWords } from '#src/settings/limits.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import { FactsTable } from '#src/ui/facts-table.tsx';
import type { Named } from '#src/ui/field.tsx';
import { Section } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';
import { EvaluationPart } from './evaluation-part.tsx';
import { MatrixPart } from './matrix-part.tsx';
import { roundsOf, structureOf, traceOf } from './read-run.ts';
import { RoundsTable } from './rounds-table.tsx';
import type { RunDetail } from './run-page-query.ts';
import { SearchPart } from './search-part.tsx';
import { TrainingPart } from './training-part.tsx';
import { eventText, words } from './words.ts';

/** The parts that this run has something to show in. */
export function runTabs(run: RunDetail): Named[] {
  return [
    { id: 'overview', name: 'Overview' },
    ...(run.sampling ? [{ id: 'matrix', name: 'Matrix' }] : []),
    ...(run.result ? [{ id: 'structure', name: 'Structure' }] : []),
    ...(run.epochs.length > 0 ? [{ id: 'training', name: 'Training' }] : []),
    ...(traceOf(run).length > 0 ? [{ id: 'search', name: 'Search' }] : []),
    ...(run.result ? [{ id: 'evaluation', name: 'Evaluation' }] : []),
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
      return (
        <StructureBars
          structure={structureOf(run)}
          matrix={run.sampling?.matrix ?? null}
          colour={strategyColour(run.allocation)}
        />
      );
    case 'training':
      return <TrainingPart epochs={run.epochs} />;
    case 'search':
      return <Search run={run} />;
    case 'evaluation':
      return <EvaluationPart run={run} />;
    case 'events':
      return <Events run={run} />;
    default:
      return <Overview run={run} known={known} canEdit={canEdit} />;
  }
}

function Search({ run }: { run: RunDetail }) {
  const rounds = roundsOf(run);
  return (
    <SearchPart steps={traceOf(run)} target={run.share}>
      {rounds.length > 0 && (
        <RoundsTable rounds={rounds} metric={run.metric === 'params' ? 'params' : 'macs'} />
      )}
    </SearchPart>
  );
}

function Matrix({ run }: { run: RunDetail }) {
  const { sampling } = run;
  if (!sampling?.matrix) {
    return <p className="text-ink-soft">The matrix comes when every share of the sampling is done.</p>;
  }
  return (
    <MatrixPart
      matrix={sampling.matrix}
      structure={structureOf(run)}
      samples={sampling.samples}
      // Only there is the threshold of the search a drop of top-1.
      tolerance={run.allocation === 'cie' ? foundThreshold(traceOf(run), run.share) : null}
    />
  );
}

function Overview({ run, known, canEdit }: Omit<PartProps, 'part'>) {
  const { result, experiment } = run;
  const { keep } = run.limits;
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
            ...(limitsWords(run.limits) ? [['Limits', limitsWords(run.limits)] as const] : []),
            ...(keep.length > 0 ? [['Groups that stay whole', keep.join(', ')] as const] : []),
            ...(run.rounds === null ? [] : [['Rounds', run.rounds] as const]),
            ...(run.recovery ? [['Training between rounds', recipeWords(run.recovery)] as const] : []),
            ['Fine-tuning', recipeWords(experiment.recipe)],
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
              ['Images judged by', grouped(result.images)],
              ['MACs removed', percent(result.savedMacs)],
              ['Params removed', percent(result.savedParams)],
              ['Latency (p50, one image)', milliseconds(result.latencyMs)],
              ['Time by stage', stageTimes(result.seconds)],
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
            <Td className="text-ink-soft">{eventText(kind, data)}</Td>
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

/** In the order of the stages: the database keeps none. */
function stageTimes(seconds: Record<string, unknown>): string {
  const told = [...RUN_STATES, 'total'].flatMap((stage) => {
    const value = seconds[stage];
    return typeof value === 'number' ? [`${stateWord(stage)} ${duration(value)}`] : [];
  });
  return told.join(', ') || '–';
}

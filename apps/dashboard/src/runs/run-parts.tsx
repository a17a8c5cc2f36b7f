import type { ReactNode } from 'react';
import { Annotations } from '#src/annotations/annotations.tsx';
import { Notes } from '#src/annotations/notes.tsx';
import { foundThreshold } from '#src/charts/search.ts';
import { StructureBars } from '#src/charts/structure-bars.tsx';
import { difference, duration, grouped, milliseconds, percent } from '#src/format/numbers.ts';
import { changeText, directionWords, headOf, valueText } from '#src/format/quality.ts';
import { stateWord } from '#src/format/status.ts';
import { isCostMetric, SAVED, strategyColour, targetWords } from '#src/format/strategies.ts';
import { UsagePart } from '#src/models/usage-part.tsx';
import { limitsWords } from '#src/settings/limits.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import { repairedWords, repairWords } from '#src/settings/repair-words.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { FactsTable } from '#src/ui/facts-table.tsx';
import { LinkTabs } from '#src/ui/link-tabs.tsx';
import type { Named } from '#src/ui/named.ts';
import { Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { Time } from '#src/ui/time.tsx';
import { EvaluationPart } from './evaluation-part.tsx';
import { eventWords } from './event-words.ts';
import { latencyFacts } from './latency-words.ts';
import { MatrixPart } from './matrix-part.tsx';
import { NoResult } from './no-result.tsx';
import type { StageSeconds } from './result-fields.ts';
import type { RunDetail } from './run-page-query.ts';
import { matrixIn } from './sampled-matrix.ts';
import { scoreOf } from './scores.ts';
import { SearchPart } from './search-part.tsx';
import { networksOf } from './steps.ts';
import { TrainingPart } from './training-part.tsx';

type Result = NonNullable<RunDetail['result']>;

interface PartProps {
  readonly run: RunDetail;
  /** The team's tags, to choose from. */
  readonly known: readonly string[];
  readonly canEdit: boolean;
}

interface Part extends Named {
  /** Whether a run has something to show in it. */
  readonly has: (run: RunDetail) => boolean;
  readonly show: (props: PartProps) => ReactNode;
}

const OVERVIEW: Part = { id: 'overview', name: 'Overview', has: () => true, show: Overview };

const PARTS: readonly Part[] = [
  OVERVIEW,
  { id: 'matrix', name: 'Which layers matter', has: ({ sampling }) => sampling !== null, show: MatrixTab },
  { id: 'structure', name: 'Structure', has: hasStructure, show: Structure },
  {
    id: 'training',
    name: 'Training',
    has: ({ epochs }) => epochs.length > 0,
    show: ({ run }) => <TrainingPart epochs={run.epochs} metric={run.experiment.qualityMetric} />,
  },
  { id: 'search', name: 'Search', has: ({ result }) => (result?.trace ?? []).length > 0, show: Search },
  { id: 'evaluation', name: 'Evaluation', has: isCut, show: EvaluationPart },
  { id: 'events', name: 'Events', has: () => true, show: Events },
];

function isCut({ result }: RunDetail): boolean {
  return result !== null;
}

/** Of an imported result it may not be known. */
function hasStructure({ result }: RunDetail): boolean {
  return (result?.groups ?? []).length > 0;
}

/** The parts of a run, each under an address of its own, and the one that is asked for. */
export function RunParts({ tab, ...props }: PartProps & { readonly tab: string | undefined }) {
  const parts = PARTS.filter(({ has }) => has(props.run));
  const { id, show: Shown } = parts.find((part) => part.id === tab) ?? OVERVIEW;
  return (
    <>
      <LinkTabs tabs={parts} current={id} path={`/runs/${props.run.id}`} label="Parts of this run" />
      <Shown {...props} />
    </>
  );
}

function Structure({ run }: PartProps) {
  return (
    <>
      <StructureBars
        structure={run.result?.groups ?? []}
        matrix={matrixIn(run.sampling)}
        colour={strategyColour(run.allocation)}
      />
      <p className="mt-2 text-small text-ink-soft">{togetherWords(run)}</p>
    </>
  );
}

/** What groups lose alone does not add up, and is told by few images. */
function togetherWords({ result, sampling, experiment: { qualityMetric: metric } }: RunDetail): string {
  const all = changeText(metric, difference(result?.prunedValue, result?.base.value));
  const alone = sampling
    ? `A change alone comes from ${grouped(sampling.samples)} images and is smoothed: small ones are within their noise. `
    : '';
  return `${alone}All cuts together: ${all}, before any repair or training.`;
}

function Search({ run }: PartProps) {
  const rounds = run.result?.rounds ?? [];
  const { qualityMetric: metric } = run.experiment;
  return (
    <SearchPart steps={run.result?.trace ?? []} target={run.share}>
      {rounds.length > 0 && (
        <DataTable
          caption="Rounds of the search"
          rows={rounds}
          keyOf={({ round }) => round}
          columns={[
            { name: 'Round', right: true, cell: ({ round }) => round },
            {
              name: 'Removed in all',
              right: true,
              cell: (round) => percent(isCostMetric(run.metric) ? round[SAVED[run.metric]] : null),
            },
            {
              name: `${headOf(metric)} before`,
              right: true,
              cell: ({ before }) => valueText(metric, scoreOf(metric, before)),
            },
            {
              name: run.result?.repair ? 'Repaired' : 'As cut',
              right: true,
              cell: ({ after }) => valueText(metric, scoreOf(metric, after)),
            },
            {
              name: 'Change',
              right: true,
              cell: ({ before, after }) =>
                changeText(metric, difference(scoreOf(metric, after), scoreOf(metric, before))),
            },
          ]}
        />
      )}
    </SearchPart>
  );
}

function MatrixTab({ run }: PartProps) {
  const { sampling } = run;
  const matrix = matrixIn(run.sampling);
  if (!sampling || !matrix) {
    return <p className="text-ink-soft">The matrix appears when the sampling is done.</p>;
  }
  return (
    <>
      <p className="mb-4">
        <TextLink href={`/explore/${sampling.id}`}>Explore other targets and allocations</TextLink>
      </p>
      <MatrixPart
        matrix={matrix}
        structure={run.result?.groups ?? []}
        samples={sampling.samples}
        // Only there is the threshold of the search a drop by the metric.
        tolerance={run.allocation === 'cie' ? foundThreshold(run.result?.trace ?? [], run.share) : null}
      />
    </>
  );
}

function Overview({ run, known, canEdit }: PartProps) {
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
      >
        <Notes text={run.notes} />
      </Annotations>
      <Section title="What was asked">
        <FactsTable
          facts={[
            [
              'Model',
              <TextLink key="model" href={`/models/${experiment.model.id}`}>
                {experiment.model.name}
              </TextLink>,
            ],
            ['Data set', experiment.dataset.name],
            ['Judged by', judgedWords(experiment)],
            ['Allocation', run.allocation],
            ['Criterion', run.criterion],
            ['To remove', targetWords(run)],
            ['Seed', run.seed],
            ...(limitsWords(run.limits) ? [['Limits', limitsWords(run.limits)] as const] : []),
            ...(keep.length > 0 ? [['Groups that stay whole', keep.join(', ')] as const] : []),
            ...(run.rounds === null ? [] : [['Rounds', run.rounds] as const]),
            ...(run.recovery ? [['Training between rounds', recipeWords(run.recovery)] as const] : []),
            ['Repaired', repairWords(experiment.repair)],
            ['Fine-tuning', recipeWords(experiment.recipe)],
            ['Asked', <Time key="asked" at={run.createdAt} />],
            ['Ended', <Time key="ended" at={run.finishedAt} />],
          ]}
        />
      </Section>
      <Section title="Result">
        {result ? (
          <FactsTable
            facts={[
              ...networksOf({ result, experiment }).map(
                ({ name, value }) =>
                  [
                    `${headOf(experiment.qualityMetric)} ${name.toLowerCase()}`,
                    valueText(experiment.qualityMetric, value),
                  ] as const,
              ),
              ...changes(run, result),
              ...(result.repair ? repairFacts(result.repair) : []),
              ['Images judged by', grouped(result.images)],
              ['MACs removed', percent(result.savedMacs)],
              ['Params removed', percent(result.savedParams)],
              ...latencyFacts(result.latency),
              ['Latency (p50, one image)', milliseconds(result.latencyMs)],
              ['Time by stage', stageTimes(result.seconds ?? [], result.totalSeconds)],
            ]}
          />
        ) : (
          <NoResult state={run.state} />
        )}
      </Section>
      {result?.usage && (
        <Section title="How to use it" className="lg:col-span-2">
          <UsagePart usage={result.usage} />
        </Section>
      )}
    </div>
  );
}

/** "Output error: lower is better; logits counts 3 times" */
function judgedWords({ qualityMetric, outputWeights }: RunDetail['experiment']): string {
  const weighed = outputWeights.map(({ output, weight }) => `${output} counts ${weight} times`);
  const told = [`${headOf(qualityMetric)}, ${directionWords(qualityMetric)}`, ...weighed];
  return told.join('; ');
}

/** What each step behind the cut has won, or lost. */
function changes({ experiment }: RunDetail, { prunedValue, repairedValue, value }: Result) {
  const { recipe, qualityMetric: metric } = experiment;
  const isRepaired = repairedValue !== null;
  const change = (after: number | null, before: number | null) =>
    changeText(metric, difference(after, before));
  return [
    ...(isRepaired ? [['Change by the repair', change(repairedValue, prunedValue)] as const] : []),
    ...(recipe ? [['Change by training', change(value, repairedValue ?? prunedValue)] as const] : []),
  ];
}

function repairFacts(repair: NonNullable<Result['repair']>) {
  const left = repair.left.map(({ layer, reason }) => (
    <li key={layer}>
      <span className="font-mono text-small">{layer}</span> because {reason}
    </li>
  ));
  return [
    ['Repaired', repairedWords(repair)] as const,
    ...(left.length === 0 ? [] : [['Left as cut', <ul key="left">{left}</ul>] as const]),
  ];
}

function Events({ run }: PartProps) {
  const { qualityMetric: metric } = run.experiment;
  return (
    <DataTable
      caption="Events of this run"
      rows={run.events}
      keyOf={({ seq }) => seq}
      columns={[
        { name: 'No.', right: true, head: { className: 'w-12' }, cell: ({ seq }) => seq },
        { name: 'What', cell: (event) => eventWords(event, metric)[0] },
        { name: 'Details', className: 'text-ink-soft', cell: (event) => eventWords(event, metric)[1] },
        { name: 'When', time: ({ createdAt }) => createdAt },
      ]}
    />
  );
}

function stageTimes(stages: StageSeconds, total: number | null): string {
  const told = stages.map(({ stage, seconds }) => `${stateWord(stage)} ${duration(seconds)}`);
  return [...told, ...(total === null ? [] : [`total ${duration(total)}`])].join(', ') || '–';
}

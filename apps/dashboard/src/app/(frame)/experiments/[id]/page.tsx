import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Annotations } from '#src/annotations/annotations.tsx';
import { Notes } from '#src/annotations/notes.tsx';
import { Rename } from '#src/annotations/rename.tsx';
import { comparedColumns } from '#src/compare/compare-query.ts';
import { comparedRuns } from '#src/compare/runs.ts';
import { WhichWins } from '#src/compare/which-wins.tsx';
import { ProfileDifferences } from '#src/devices/profile-differences.tsx';
import { gridWords } from '#src/experiments/grid-words.ts';
import { LitRun } from '#src/experiments/lit-run.tsx';
import { publishedOf } from '#src/experiments/published-query.ts';
import { ResultsChart } from '#src/experiments/results-chart.tsx';
import { ShipPart } from '#src/experiments/ship-part.tsx';
import { experimentStanding, standingOf } from '#src/experiments/standing.ts';
import { secondsLeft } from '#src/experiments/time-left.ts';
import { unprunedWords } from '#src/experiments/unpruned.ts';
import { authorWords } from '#src/format/author.ts';
import { exportUrl } from '#src/format/export-url.ts';
import { duration, grouped, plural } from '#src/format/numbers.ts';
import { directionWords, headOf, qualityMetric, unprunedValue } from '#src/format/quality.ts';
import { isOver } from '#src/format/status.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { address, orderText, type SearchParams, texts } from '#src/lists/address.ts';
import { tagList } from '#src/lists/choice-fields.ts';
import { everyTag } from '#src/lists/choices.ts';
import { FollowRuns } from '#src/live/follow.tsx';
import { NotifyWhenOver } from '#src/live/notify.tsx';
import { deviceChoice, deviceReach } from '#src/new-experiment/device-choice.ts';
import { takesRounds } from '#src/new-experiment/plan.ts';
import { StartRuns } from '#src/new-experiment/start-runs.tsx';
import { Share } from '#src/public/share.tsx';
import { experimentColumns } from '#src/runs/columns.tsx';
import { FailedRuns } from '#src/runs/failed-runs.tsx';
import { failuresOf } from '#src/runs/failures.ts';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { selectable } from '#src/runs/selected.ts';
import { RunSelection } from '#src/runs/selection.tsx';
import { type OrderBy, orderOf, readView } from '#src/runs/view.ts';
import { limitsWords } from '#src/settings/limits.ts';
import { recipeFields } from '#src/settings/recipe-fields.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import { repairWords } from '#src/settings/repair-words.ts';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { workersOf } from '#src/workers/engine-workers.tsx';

const experimentPage = graphql(
  `
    query ExperimentPage($id: ID!, $order: RunOrder) {
      viewer { viewerCanEdit }
      methods { allocations { name description sharesSampling rounds } criteria { name description drawsBySeed } }
      tags(first: 100) { ...TagList }
      publishedSubjects { architecture dataset results }
      engines { engine workers }
      experiment(id: $id) {
        ...ExperimentStanding
        id
        tags
        notes
        name
        cursor
        samples
        grid
        recipe { ...RecipeFields }
        recipeHash
        recalibrate
        repair
        limits { align minWidth maxRatio keep }
        allowInexact
        createdAt
        createdBy { name }
        createdByKey
        model { id name tags params macs summary { reachable { macs params } } }
        dataset { id name }
        deviceProfile { ...DeviceReach device { id } }
        qualityMetric { ...QualityMetricFields }
        base { top1 top5 loss }
      }
      runs(first: 100, filter: { experiment: { in: [$id] } }, order: $order) {
        nodes { ...RunRow startedAt sampling { state samples baselineValue } result { seconds { seconds } } }
        totalCount
      }
      comparison(filter: { experiment: { in: [$id] }, state: { in: [FINISHED] } }, most: 5000) { ...ComparedColumns }
    }
  `,
  [experimentStanding, qualityMetric, runRow, comparedColumns, recipeFields, tagList, deviceReach],
);

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

/** By plain values, so that the title and the page ask once. */
const loadOrdered = cache(async (id: string, by: OrderBy, direction: 'asc' | 'desc') =>
  query(experimentPage, { id, order: orderOf({ by, direction }) }),
);

async function load({ params, searchParams }: Props) {
  const { by, direction } = readView(await searchParams);
  return loadOrdered((await params).id, by, direction);
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { experiment } = await load(props);
  return { title: experiment?.name ?? 'No such experiment' };
}

export default async function ExperimentPage(props: Props) {
  const { experiment, runs, comparison, tags, viewer, methods, publishedSubjects, engines } =
    await load(props);
  if (!experiment) notFound();
  const said = await props.searchParams;
  const { published: asked } = said;
  const { by, direction } = readView(said);
  const published = await publishedOf(
    experiment,
    publishedSubjects,
    typeof asked === 'string' && asked !== '' ? asked : null,
  );
  const knownTags = await everyTag(tags);
  const working = runs.nodes.some(({ state }) => !isOver(state));
  const { model, dataset, qualityMetric: metric } = experiment;
  const unpruned = unprunedValue(metric, experiment.base);
  const author = authorWords(experiment);
  const standing = standingOf(experiment);
  // One without such a strategy has numbers for samples that nobody draws.
  const samples = runs.nodes.some(({ allocation }) =>
    methods.allocations.some((each) => each.name === allocation && takesRounds(each)),
  );
  const sampledRun = runs.nodes.find(({ sampling }) => sampling?.state === 'DONE');
  const left = secondsLeft(runs.nodes, {
    open: experiment.open.totalCount,
    ...{ workers: workersOf(engines), now: Date.now() },
  });
  return (
    <>
      {working && <FollowRuns key={experiment.id} experimentId={experiment.id} after={experiment.cursor} />}
      <PageHeader
        title={experiment.name}
        crumbs={[{ name: 'Experiments', href: '/experiments' }]}
        facts={
          <>
            <Fact name="model">
              <TextLink href={`/models/${model.id}`}>{model.name}</TextLink>
            </Fact>
            <Fact name="data set">{dataset.name}</Fact>
            {experiment.deviceProfile && (
              <Fact name="device">
                <TextLink href={`/devices/${experiment.deviceProfile.device.id}`}>
                  {experiment.deviceProfile.device.name}
                </TextLink>
              </Fact>
            )}
            <Fact name="judged by">
              {metric.label}
              {metric.direction === 'LOWER' && ` (${directionWords(metric)})`}
            </Fact>
            <Fact name="unpruned">
              {unprunedWords(
                metric,
                experiment.base,
                runs.nodes.map(({ sampling }) => sampling),
              )}
            </Fact>
            {experiment.samples > 0 && samples && (
              <>
                <Fact name="sampled">{grouped(experiment.samples)} images</Fact>
                <Fact name="at">{gridWords(experiment.grid)}</Fact>
              </>
            )}
            <Fact name="repaired">{repairWords(experiment.repair)}</Fact>
            <Fact name="fine-tuned">{recipeWords(experiment.recipe)}</Fact>
            {limitsWords(experiment.limits) && <Fact name="limits">{limitsWords(experiment.limits)}</Fact>}
            {experiment.allowInexact && <Fact name="prunes">also what a normalisation mixes</Fact>}
            <Fact name="runs">{runs.totalCount}</Fact>
            {author && <Fact name="made by">{author}</Fact>}
            {left !== null && <Fact name="time left">about {duration(left)}</Fact>}
          </>
        }
        actions={
          <>
            <NotifyWhenOver
              title={experiment.name}
              over={
                working ? null : `${standing.runs}${standing.status === 'failed' ? `, ${standing.word}` : ''}`
              }
            />
            {viewer.viewerCanEdit && <Rename id={experiment.id} name={experiment.name} />}
            {viewer.viewerCanEdit && (
              <MoveToTrash
                id={experiment.id}
                name={experiment.name}
                back="/experiments"
                first={working ? 'cancel its runs' : undefined}
              />
            )}
            {viewer.viewerCanEdit && (
              <ButtonLink href={`/experiments/new?experiment=${experiment.id}`}>Clone</ButtonLink>
            )}
            {experiment.finished.totalCount > 0 && (
              <DownloadLink url={`/files/report/experiments/${experiment.id}.html`} label="Report" />
            )}
            {viewer.viewerCanEdit && experiment.finished.totalCount > 0 && (
              <Share of={{ kind: 'EXPERIMENT', id: experiment.id }} />
            )}
            {sampledRun && (
              <ButtonLink href={`/runs/${sampledRun.id}?tab=matrix`}>Which layers matter</ButtonLink>
            )}
            {runs.totalCount > 1 && (
              <ButtonLink href={`/compare?experiments=${experiment.id}`}>Compare its runs</ButtonLink>
            )}
            {viewer.viewerCanEdit && (
              <StartRuns
                experimentId={experiment.id}
                hasRuns={runs.totalCount > 0}
                allocations={methods.allocations}
                criteria={methods.criteria}
                reachable={experiment.allowInexact ? null : (model.summary?.reachable ?? null)}
                device={experiment.deviceProfile && deviceChoice(experiment.deviceProfile)}
                conditions={{
                  ...{ datasetId: dataset.id, recipe: experiment.recipe },
                  ...{ recalibrate: experiment.recalibrate, samples: experiment.samples },
                  // One of before there was a repair is not repaired.
                  repair: experiment.repair ?? 0,
                }}
              />
            )}
          </>
        }
      />
      {experiment.deviceProfile && (
        <div className="mb-4 empty:hidden">
          <ProfileDifferences differences={experiment.deviceProfile.differences} />
        </div>
      )}
      <Annotations
        id={experiment.id}
        tags={experiment.tags}
        notes={experiment.notes}
        known={knownTags}
        canEdit={viewer.viewerCanEdit}
        className="mb-6"
      >
        <Notes text={experiment.notes} />
      </Annotations>
      <ShipPart
        experimentId={experiment.id}
        modelId={model.id}
        metric={metric}
        smallestDrop={smallestDrop(comparedRuns(comparison))}
      />
      <FailedRuns failures={failuresOf(runs.nodes)} canEdit={viewer.viewerCanEdit} />
      {runs.nodes.length === 0 ? (
        <Empty title="No run yet">A run is one strategy with one target and one seed.</Empty>
      ) : (
        <LitRun
          className={
            comparison.count > 0
              ? 'grid grid-cols-[minmax(0,1fr)] items-start gap-8 2xl:grid-cols-[minmax(0,1fr)_minmax(0,1.6fr)]'
              : 'grid grid-cols-[minmax(0,1fr)]'
          }
        >
          {comparison.count > 0 && (
            <Section title={`${headOf(metric)} and cost`}>
              <ResultsChart
                runs={comparedRuns(comparison)}
                base={{ params: model.params, macs: model.macs, value: unpruned }}
                metric={metric}
                published={published}
              />
            </Section>
          )}
          <Section
            title="Runs"
            aside={
              <span className="flex flex-wrap items-center gap-3">
                <TextLink href={`/runs?experiments=${experiment.id}`}>
                  {runs.totalCount > runs.nodes.length
                    ? `${by === 'created' && direction === 'desc' ? 'the latest' : 'the first'} ${runs.nodes.length} of ${plural(runs.totalCount, 'run')}`
                    : `${plural(runs.totalCount, 'run')} in the list`}
                </TextLink>
                <ExportMenu
                  of="runs"
                  one="run"
                  url={(format) =>
                    exportUrl('runs', format, { filter: { experiment: { in: [experiment.id] } } })
                  }
                />
              </span>
            }
          >
            <RunSelection runs={selectable(runs.nodes)} tags={knownTags} canEdit={viewer.viewerCanEdit}>
              <RunsTable
                runs={runs.nodes}
                columns={experimentColumns(runs.nodes)}
                selectable
                order={{
                  ...{ by, direction },
                  href: (next, way) =>
                    `/experiments/${experiment.id}?${address({ ...texts(said), order: orderText({ by: next, direction: way }) })}`,
                }}
              />
            </RunSelection>
          </Section>
        </LitRun>
      )}
      {comparison.count > 1 && (
        <div className="mt-8">
          <WhichWins filter={{ experiment: { in: [experiment.id] } }} finished={comparison.count} />
        </div>
      )}
    </>
  );
}

/** Null where no run is known to have lost or won anything. */
function smallestDrop(runs: readonly { readonly valueDrop: number | null }[]): number | null {
  const drops = runs.flatMap(({ valueDrop }) => valueDrop ?? []);
  return drops.length > 0 ? Math.min(...drops) : null;
}

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Explorer } from '#src/explore/explorer.tsx';
import { readExploreView } from '#src/explore/view.ts';
import { grouped, milliseconds } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import type { SearchParams } from '#src/lists/address.ts';
import { Notice } from '#src/ui/notice.tsx';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';

const explorePage = graphql(`
  query ExplorePage($id: ID!) {
    viewer { viewerCanEdit }
    methods { criteria { name } allocations { name isSlow } }
    samplingRun(id: $id) {
      id
      criterion
      samples
      seed
      grid
      state
      origin
      source { tool }
      qualityMetric { label unit name }
      externalMetric { name }
      groups { name width }
      model {
        id
        name
        deviceProfiles(first: 100) { nodes { id engine threads batch baseMs differences device { name } } }
      }
      dataset { id name hasPixels }
    }
  }
`);

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const load = cache(async (id: string) => query(explorePage, { id }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { samplingRun } = await load((await params).id);
  return {
    title: samplingRun ? `Explore ${samplingRun.model?.name ?? samplingRun.criterion}` : 'No such sampling',
  };
}

export default async function ExplorePage({ params, searchParams }: Props) {
  const { samplingRun: run, viewer, methods } = await load((await params).id);
  if (!run) notFound();
  const { model, dataset, criterion, grid, samples, qualityMetric, externalMetric } = run;
  const metric = qualityMetric?.label ?? externalMetric?.name ?? '';
  const isShare = qualityMetric
    ? qualityMetric.unit === 'SHARE'
    : /^top[15]$/.test(externalMetric?.name ?? '');
  const profiles = (model?.deviceProfiles.nodes ?? []).map(
    ({ id, device, engine, threads, batch, baseMs, differences }) => ({
      id,
      differences,
      name: `${device.name}, ${wordOf(engine)}, ${threads} threads, batch ${batch} (${milliseconds(baseMs)})`,
    }),
  );
  // A run goes by it where it is top-1 that both are judged by, and its images are drawn alike.
  const isShared = run.origin === 'ESPALIER' && qualityMetric?.name === 'TOP1' && run.seed === 0;
  const isRankedHere = methods.criteria.some(({ name }) => name === criterion.split(':')[0]);
  const reason = noStart(viewer.viewerCanEdit, isRankedHere, dataset);
  return (
    <>
      <PageHeader
        title={model ? `Explore ${model.name}` : 'Explore a sampling'}
        crumbs={[
          { name: 'Models', href: '/models' },
          ...(model ? [{ name: model.name, href: `/models/${model.id}` }] : []),
        ]}
        facts={
          <>
            <Fact name="criterion">{criterion}</Fact>
            <Fact name="sampled by">{metric}</Fact>
            <Fact name="images per measurement">{grouped(samples)}</Fact>
            {dataset && <Fact name="data set">{dataset.name}</Fact>}
            <OriginMark of={{ origin: run.origin, tool: run.source?.tool ?? null, evidence: null }} />
          </>
        }
      />
      {run.state === 'DONE' && run.groups ? (
        <>
          <Explorer
            samplingRunId={run.id}
            first={readExploreView(await searchParams)}
            groups={run.groups}
            allocations={methods.allocations}
            profiles={profiles}
            dropUnit={isShare ? 'points' : ''}
            sampled={
              reason === null && model && dataset
                ? { modelId: model.id, datasetId: dataset.id, criterion, grid, samples, isShared }
                : null
            }
          />
          {reason !== null && <p className="mt-3 text-small text-ink-soft">{reason}</p>}
        </>
      ) : (
        <Notice>The sampling is not done: structures can be explored once it is.</Notice>
      )}
    </>
  );
}

/** Why no run can be started from here; null where one can. */
function noStart(
  canEdit: boolean,
  isRankedHere: boolean,
  dataset: { readonly hasPixels: boolean } | null,
): string | null {
  if (!canEdit) return 'Whoever may edit can start a run of a structure from here.';
  if (!isRankedHere) {
    return 'The units were imported with a criterion that does not exist here: take the network instead of a run.';
  }
  if (!dataset?.hasPixels) {
    return 'The images of the data set are not here, so no run can be computed: take the structure or the network.';
  }
  return null;
}

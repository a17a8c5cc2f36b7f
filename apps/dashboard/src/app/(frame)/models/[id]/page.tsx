import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Annotations } from '#src/annotations/annotations.tsx';
import { Notes } from '#src/annotations/notes.tsx';
import { Rename } from '#src/annotations/rename.tsx';
import { SamplingsList } from '#src/explore/samplings-list.tsx';
import { formatWords } from '#src/format/model-format.ts';
import { bytes, count, grouped, percent, plural } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { tagList } from '#src/lists/choice-fields.ts';
import { everyTag } from '#src/lists/choices.ts';
import { measuredTimes, profiledTimes, timesOnDevices } from '#src/models/device-times.ts';
import { GroupsTable } from '#src/models/groups-table.tsx';
import { LayersTable } from '#src/models/layers-table.tsx';
import { ModelPixels } from '#src/models/model-pixels.tsx';
import { modelParts, saysNothingOfPixels, shapeText } from '#src/models/summary.ts';
import { preprocessingFields } from '#src/models/told-pixels.ts';
import { UsagePart, usageFields } from '#src/models/usage-part.tsx';
import { WithoutRuleTable } from '#src/models/without-rule-table.tsx';
import { runRow } from '#src/runs/run-row.ts';
import { RunsTable } from '#src/runs/runs-table.tsx';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';

const modelPage = graphql(
  `
    query ModelPage($id: ID!) {
    viewer { viewerCanEdit }
      tags(first: 100) { ...TagList }
      model(id: $id) {
        id
        name
        params
        macs
        bytes
        format
        networkHash
        deviceProfiles(first: 20) { nodes { ...ProfiledTimes } }
        summary { inputShape operations classes leftOut reachable { macs params } withoutRule { name op why } ...ModelParts }
        tags
        notes
        downloadUrl
        preprocessing { ...PreprocessingFields }
        usage { ...UsageFields }
        evaluations { split top1 images }
      }
      samplingRuns(first: 20, filter: { model: { in: [$id] }, state: { in: [DONE] } }) {
        nodes { id criterion samples origin source { tool } qualityMetric { label } externalMetric { name } dataset { name } }
      }
      runs(first: 20, filter: { model: { in: [$id] } }) {
        nodes { ...RunRow }
        totalCount
      }
    }
  `,
  [runRow, modelParts, profiledTimes, tagList, usageFields, preprocessingFields],
);

interface Props {
  readonly params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => query(modelPage, { id }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load((await params).id)).model?.name ?? 'No such model' };
}

export default async function ModelPage({ params }: Props) {
  const { model, runs, samplingRuns, tags, viewer } = await load((await params).id);
  if (!model) notFound();
  const { evaluations, networkHash, deviceProfiles } = model;
  const { measurements } = await query(measuredTimes, { networkHash });
  const {
    inputShape,
    operations = null,
    classes,
    reachable,
    groups,
    layers,
    withoutRule,
    leftOut = [],
  } = model.summary ?? {};
  return (
    <>
      <PageHeader
        title={model.name}
        crumbs={[{ name: 'Models', href: '/models' }]}
        facts={
          <>
            <Fact name="params">{count(model.params)}</Fact>
            <Fact name="MACs">{count(model.macs)}</Fact>
            <Fact name="file">
              {formatWords(model.format)}, {bytes(model.bytes)}
            </Fact>
            <Fact name="input">{shapeText(inputShape)}</Fact>
            <Fact name="operations">{grouped(operations)}</Fact>
            {/* Many files do not name them. */}
            {classes && classes.length > 0 && <Fact name="classes">{classes.length}</Fact>}
            <Fact name="at most removable">
              {percent(reachable?.macs, 1)} of MACs, {percent(reachable?.params, 1)} of params
            </Fact>
            {timesOnDevices(measurements.nodes, deviceProfiles.nodes).map(({ device, words }) => (
              <Fact key={device.id} name="latency">
                {words} on <TextLink href={`/devices/${device.id}`}>{device.name}</TextLink>
              </Fact>
            ))}
            {evaluations.map(({ split, top1, images }) => (
              <Fact key={split} name={`top-1 on ${wordOf(split)}`}>
                {percent(top1)} of {grouped(images)}
              </Fact>
            ))}
          </>
        }
        actions={
          <>
            {viewer.viewerCanEdit && (
              <>
                <Rename id={model.id} name={model.name} />
                <MoveToTrash id={model.id} name={model.name} back="/models" />
              </>
            )}
            <DownloadLink url={model.downloadUrl} name={model.name} />
            {viewer.viewerCanEdit && (
              <ButtonLink look="primary" href={`/experiments/new?model=${model.id}`}>
                New experiment
              </ButtonLink>
            )}
          </>
        }
      />
      {leftOut.length > 0 && (
        <div className="mb-4">
          <Notice>Left out of the upload, since the model does not need it: {leftOut.join(', ')}.</Notice>
        </div>
      )}
      {model.format === 'KERAS' && (
        <div className="mb-4">
          <Notice>
            Files of Keras are read and not written: what is pruned of it comes as a graph model of
            TensorFlow.js.
          </Notice>
        </div>
      )}
      {saysNothingOfPixels(model.preprocessing) && (
        <div className="mb-4">
          <Notice>
            It does not say how pixels become its input: runs take the usual values of their data set, which
            may cost it its accuracy.{' '}
            <Link href="#preprocessing" className="underline">
              Say how it was trained
            </Link>
            .
          </Notice>
        </div>
      )}
      <Annotations
        id={model.id}
        tags={model.tags}
        notes={model.notes}
        known={await everyTag(tags)}
        canEdit={viewer.viewerCanEdit}
        className="mb-6"
      >
        <Notes text={model.notes} />
      </Annotations>
      <Section title="Channel groups" aside={groups ? plural(groups.length, 'group') : null}>
        <GroupsTable groups={groups ?? []} />
      </Section>
      {withoutRule && withoutRule.length > 0 && (
        <Section
          title="Operations without a rule"
          aside={plural(withoutRule.length, 'operation')}
          className="mt-8"
        >
          <WithoutRuleTable operations={withoutRule} />
        </Section>
      )}
      {layers && layers.length > 0 && (
        <Section title="Layers" aside={plural(layers.length, 'layer')} className="mt-8">
          <LayersTable layers={layers} />
        </Section>
      )}
      {model.preprocessing && (
        <Section id="preprocessing" title="Preprocessing" className="mt-8">
          <ModelPixels id={model.id} told={model.preprocessing} canEdit={viewer.viewerCanEdit} />
        </Section>
      )}
      {model.usage && (
        <Section title="How to use it" className="mt-8">
          <UsagePart usage={model.usage} />
        </Section>
      )}
      {samplingRuns.nodes.length > 0 && (
        <Section title="Samplings" aside="to explore" className="mt-8">
          <SamplingsList samplings={samplingRuns.nodes} />
        </Section>
      )}
      <Section
        title="Runs of this model"
        aside={
          runs.totalCount > 0 && (
            <TextLink href={`/runs?models=${model.id}`}>
              {plural(runs.totalCount, 'run')} in the list
            </TextLink>
          )
        }
        className="mt-8"
      >
        {runs.totalCount > 0 ? (
          <RunsTable runs={runs.nodes} caption="Runs of this model" />
        ) : (
          <p className="py-2 text-ink-soft">Networks that were pruned from it will be here.</p>
        )}
      </Section>
    </>
  );
}

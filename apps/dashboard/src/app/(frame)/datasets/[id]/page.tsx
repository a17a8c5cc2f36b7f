import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Rename } from '#src/annotations/rename.tsx';
import { ClassBalance } from '#src/datasets/class-balance.tsx';
import { SampleSheet } from '#src/datasets/sample-sheet.tsx';
import { shapeWords } from '#src/datasets/shape.ts';
import { fixed, grouped } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { ButtonLink } from '#src/ui/button.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';

const datasetPage = graphql(`
  query DatasetPage($id: ID!) {
    viewer { viewerCanEdit }
    dataset(id: $id) {
      id
      name
      classes
      channels
      width
      height
      mean
      std
      hash
      hasPixels
      downloadUrl
      splits { name images classCounts }
      sampleSheet { url columns tileWidth tileHeight rows { class images } }
    }
  }
`);

interface Props {
  readonly params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => query(datasetPage, { id }));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load((await params).id)).dataset?.name ?? 'No such data set' };
}

export default async function DatasetPage({ params }: Props) {
  const { dataset, viewer } = await load((await params).id);
  if (!dataset) notFound();
  const { classes, splits, sampleSheet, mean, std } = dataset;
  return (
    <>
      <PageHeader
        title={dataset.name}
        crumbs={[{ name: 'Data sets', href: '/datasets' }]}
        facts={
          <>
            <Fact name="classes">{classes.length || 'none'}</Fact>
            {dataset.hasPixels && <Fact name="image">{shapeWords(dataset)}</Fact>}
            {splits.map(({ name, images }) => (
              <Fact key={name} name={wordOf(name)}>
                {grouped(images)} images
              </Fact>
            ))}
            {dataset.hasPixels && (
              <>
                <Fact name="mean">{mean.map((value) => fixed(value)).join(', ')}</Fact>
                <Fact name="deviation">{std.map((value) => fixed(value)).join(', ')}</Fact>
              </>
            )}
          </>
        }
        actions={
          <>
            {viewer.viewerCanEdit && (
              <>
                {dataset.hasPixels && (
                  <ButtonLink href={`/experiments/new?dataset=${dataset.id}`}>New experiment</ButtonLink>
                )}
                <Rename id={dataset.id} name={dataset.name} />
                <MoveToTrash id={dataset.id} name={dataset.name} back="/datasets" />
              </>
            )}
            {dataset.downloadUrl && <DownloadLink url={dataset.downloadUrl} name={dataset.name} />}
          </>
        }
      />
      {dataset.hasPixels ? (
        <div className="grid gap-8 lg:grid-cols-2">
          {classes.length > 0 && (
            <Section title="Class balance" aside="images of each class, by split">
              <ClassBalance
                classes={classes}
                splits={splits.map(({ name, classCounts }) => ({ name: wordOf(name), classCounts }))}
              />
            </Section>
          )}
          <Section title="Samples" aside="of the training split">
            {sampleSheet ? (
              <SampleSheet sheet={sampleSheet} classes={classes} />
            ) : (
              <p className="py-2 text-ink-soft">This data set was added before samples were kept.</p>
            )}
          </Section>
        </div>
      ) : (
        <p className="text-ink-soft">
          A manifest: its hashes are known, its pixels are not. Imported results go by it.
        </p>
      )}
    </>
  );
}

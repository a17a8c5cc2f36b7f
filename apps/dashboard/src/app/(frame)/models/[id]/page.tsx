import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { count, grouped, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { readSummary } from '#src/models/summary.ts';
import { ButtonLink } from '#src/ui/button.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';

const modelPage = graphql(`
  query ModelPage($id: ID!) {
    model(id: $id) { id name params macs summary sha256 networkHash downloadUrl createdAt }
  }
`);

interface Props {
  readonly params: Promise<{ id: string }>;
}

const load = cache(async (id: string) => (await query(modelPage, { id })).model);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load((await params).id))?.name ?? 'No such model' };
}

export default async function ModelPage({ params }: Props) {
  const model = await load((await params).id);
  if (!model) notFound();
  const { input, operations, classes, groups } = readSummary(model.summary);
  const widest = Math.max(1, ...groups.map(({ width }) => width));
  return (
    <>
      <PageHeader
        title={model.name}
        crumbs={[{ name: 'Models', href: '/models' }]}
        facts={
          <>
            <Fact name="params">{count(model.params)}</Fact>
            <Fact name="MACs">{count(model.macs)}</Fact>
            <Fact name="input">{input.join('×') || '–'}</Fact>
            <Fact name="operations">{grouped(operations)}</Fact>
            <Fact name="classes">{classes.length || '–'}</Fact>
          </>
        }
        actions={
          <>
            <a
              href={model.downloadUrl}
              download={`${model.name}.onnx`}
              className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong px-3 font-medium hover:bg-hover"
            >
              <Download aria-hidden className="size-4" />
              Download
            </a>
            <ButtonLink look="primary" href={`/experiments/new?model=${model.id}`}>
              New experiment
            </ButtonLink>
          </>
        }
      />
      <Section title="Channel groups" aside={plural(groups.length, 'group')}>
        <Table caption="Channel groups: the channels that can only go together">
          <thead>
            <tr>
              <Th>Group</Th>
              <Th className="w-1/3">Width</Th>
              <Th right>Channels</Th>
              <Th>Prunable</Th>
            </tr>
          </thead>
          <tbody>
            {groups.map(({ id, width, reason }) => (
              <Tr key={id}>
                <Td className="max-w-72 truncate font-mono text-small" title={id}>
                  {id}
                </Td>
                <Td>
                  <span
                    aria-hidden
                    className={`block h-3 rounded-xs ${reason ? 'bg-line-strong' : 'bg-accent'}`}
                    style={{ width: `${(width / widest) * 100}%` }}
                  />
                </Td>
                <Td right>{grouped(width)}</Td>
                <Td className="text-ink-soft">{reason ? `no: ${reason}` : 'yes'}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      </Section>
    </>
  );
}

import type { Metadata } from 'next';
import { AddProfile } from '#src/devices/add-profile.tsx';
import { MeasureProfile } from '#src/devices/measure-profile.tsx';
import { machineFields, profilingFields } from '#src/devices/profiling-fields.ts';
import { Profilings } from '#src/devices/profilings.tsx';
import { percent, plural } from '#src/format/numbers.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { modelList } from '#src/lists/choice-fields.ts';
import { everyModel } from '#src/lists/choices.ts';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';

export const metadata: Metadata = { title: 'Devices' };

const devicesPage = graphql(
  `
  query DevicesPage($after: String) {
    viewer { viewerCanEdit }
    machines { ...MachineFields }
    models(first: 100) { ...ModelList }
    profilings(first: 10) { nodes { ...ProfilingFields } }
    devices(first: 50, after: $after) {
      nodes {
        id
        name
        cpu
        cores
        platform
        profiles(first: 1, order: { by: MEASURED }) { totalCount nodes { id networkName errorMedian measuredAt } }
      }
      pageInfo { hasNextPage endCursor }
      totalCount
    }
  }
`,
  [machineFields, modelList, profilingFields],
);

export default async function DevicesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const after = one(await searchParams, 'after') || null;
  const { devices, viewer, machines, profilings, models: firstModels } = await query(devicesPage, { after });
  const models = await everyModel(firstModels);
  return (
    <>
      <PageHeader title="Devices" facts={plural(devices.totalCount, 'device')} />
      {devices.totalCount === 0 ? (
        <Empty title="No device yet">
          A profile says how long a network takes on a machine at any width, so that you can prune for
          milliseconds. A machine is one that runs Node.js and ONNX Runtime on its CPU. If a worker runs on
          it, measure below. If not, install Espalier there, run{' '}
          <code className="font-mono">espalier profile MODEL --out device.json</code>, and drop the file here.
        </Empty>
      ) : (
        <DataTable
          caption="Devices"
          rows={devices.nodes}
          keyOf={({ id }) => id}
          columns={[
            { name: 'Name', cell: ({ id, name }) => <RowLink href={`/devices/${id}`}>{name}</RowLink> },
            { name: 'Processor', from: 'md', long: ({ cpu }) => cpu },
            { name: 'Cores', right: true, cell: ({ cores }) => cores },
            { name: 'Platform', from: 'md', cell: ({ platform }) => platform },
            { name: 'Profiles', right: true, cell: ({ profiles }) => profiles.totalCount },
            { name: 'Last of', from: 'lg', long: ({ profiles }) => profiles.nodes[0]?.networkName ?? '–' },
            {
              name: 'Error',
              right: true,
              cell: ({ profiles }) => percent(profiles.nodes[0]?.errorMedian, 1),
            },
            { name: 'Measured', time: ({ profiles }) => profiles.nodes[0]?.measuredAt ?? null },
          ]}
        />
      )}
      <Pager page={devices.pageInfo} path="/devices" after={after} />
      {(profilings.nodes.length > 0 || viewer.viewerCanEdit) && (
        <Section
          title="Measured by workers"
          className="mt-8"
          aside={
            viewer.viewerCanEdit &&
            machines.length > 0 &&
            models.length > 0 && <MeasureProfile models={models} machines={machines} />
          }
        >
          {profilings.nodes.length > 0 ? (
            <Profilings profilings={profilings.nodes} canEdit={viewer.viewerCanEdit} />
          ) : (
            <p className="py-2 text-ink-soft">
              {models.length === 0 ? (
                <>
                  A profile is of a network: <TextLink href="/models">add a model</TextLink> first.
                </>
              ) : (
                whyNothing(machines.length)
              )}
            </p>
          )}
        </Section>
      )}
      {viewer.viewerCanEdit && (
        <Section title="Add a profile" className="mt-8">
          <AddProfile />
        </Section>
      )}
    </>
  );
}

function whyNothing(machines: number): string {
  if (machines === 0) return 'No worker of ONNX Runtime takes work: start one on the machine that counts.';
  return 'Nothing yet: a worker measures on its machine, and does nothing else meanwhile.';
}

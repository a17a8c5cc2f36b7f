import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Rename } from '#src/annotations/rename.tsx';
import { AddProfile } from '#src/devices/add-profile.tsx';
import { MeasureProfile } from '#src/devices/measure-profile.tsx';
import { Measurements, measurementRow } from '#src/devices/measurements.tsx';
import { ProfileView, profileView } from '#src/devices/profile-view.tsx';
import { machineFields, profilingFields } from '#src/devices/profiling-fields.ts';
import { Profilings } from '#src/devices/profilings.tsx';
import { bytes, milliseconds, percent, plural } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { one, type SearchParams } from '#src/lists/address.ts';
import { modelList } from '#src/lists/choice-fields.ts';
import { everyModel } from '#src/lists/choices.ts';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { DataTable, RowLink } from '#src/ui/data-table.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Section } from '#src/ui/section.tsx';

const devicePage = graphql(
  `
  query DevicePage($id: ID!, $profile: [ID!], $after: String) {
    viewer { viewerCanEdit }
    machines { ...MachineFields }
    models(first: 100) { ...ModelList }
    profilings(first: 5, filter: { device: { in: [$id] } }) { nodes { ...ProfilingFields } }
    device(id: $id) {
      id
      name
      cpu
      cores
      memoryBytes
      platform
      profiles(first: 50, after: $after, order: { by: MEASURED }) {
        nodes { id networkName engine engineVersion threads batch baseMs smallestMs errorMedian errorWorst measuredAt }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
      measurements(first: 50, order: { by: MEASURED }) { nodes { ...MeasurementRow } totalCount }
      shown: profiles(first: 1, order: { by: MEASURED }, filter: { id: { in: $profile } }) { nodes { ...ProfileView } }
    }
  }
`,
  [profileView, measurementRow, machineFields, modelList, profilingFields],
);

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const load = cache((id: string, profile: string, after: string) =>
  query(devicePage, { id, profile: profile ? [profile] : null, after: after || null }),
);

async function loaded({ params, searchParams }: Props) {
  const [{ id }, search] = await Promise.all([params, searchParams]);
  return load(id, one(search, 'profile'), one(search, 'after'));
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await loaded(props)).device?.name ?? 'No such device' };
}

export default async function DevicePage(props: Props) {
  const { device, viewer, machines, profilings, models: firstModels } = await loaded(props);
  if (!device) notFound();
  const models = await everyModel(firstModels);
  const alike = machines.filter(
    ({ cpu, cores, platform }) =>
      cpu === device.cpu && cores === device.cores && platform === device.platform,
  );
  const { id, name, profiles } = device;
  const [shown] = device.shown.nodes;
  const after = one(await props.searchParams, 'after') || null;
  return (
    <>
      <PageHeader
        title={name}
        crumbs={[{ name: 'Devices', href: '/devices' }]}
        facts={
          <>
            <Fact name="processor">{device.cpu}</Fact>
            <Fact name="cores">{device.cores}</Fact>
            <Fact name="memory">{bytes(device.memoryBytes)}</Fact>
            <Fact name="platform">{device.platform}</Fact>
          </>
        }
        actions={
          viewer.viewerCanEdit && (
            <>
              <Rename id={id} name={name} />
              <MoveToTrash id={id} name={name} back="/devices" />
            </>
          )
        }
      />
      <Section
        title="Profiles"
        aside={
          <>
            {plural(profiles.totalCount, 'profile')}
            {viewer.viewerCanEdit && alike.length > 0 && models.length > 0 && (
              <MeasureProfile models={models} machines={alike} deviceId={id} />
            )}
          </>
        }
      >
        <DataTable
          caption="Profiles of the device"
          rows={profiles.nodes}
          keyOf={(profile) => profile.id}
          rowProps={(profile) =>
            profile.id === shown?.id ? { 'aria-current': 'true', className: 'bg-hover' } : {}
          }
          empty="None of a network that you may see."
          columns={[
            {
              name: 'Network',
              cell: (profile) => (
                <RowLink href={`/devices/${id}?profile=${profile.id}`}>{profile.networkName}</RowLink>
              ),
            },
            {
              name: 'Engine',
              from: 'lg',
              cell: ({ engine, engineVersion }) => `${wordOf(engine)} ${engineVersion}`,
            },
            { name: 'Threads', right: true, from: 'md', cell: ({ threads }) => threads },
            { name: 'Images', right: true, from: 'md', cell: ({ batch }) => batch },
            { name: 'As given', right: true, cell: ({ baseMs }) => milliseconds(baseMs) },
            { name: 'Smallest', right: true, from: 'md', cell: ({ smallestMs }) => milliseconds(smallestMs) },
            { name: 'Error', right: true, cell: ({ errorMedian }) => percent(errorMedian, 1) },
            { name: 'Worst', right: true, from: 'md', cell: ({ errorWorst }) => percent(errorWorst, 1) },
            { name: 'Measured', time: ({ measuredAt }) => measuredAt, from: 'md' },
          ]}
        />
        <Pager page={profiles.pageInfo} path={`/devices/${id}`} after={after} />
      </Section>
      {profilings.nodes.length > 0 && (
        <Section title="Measured by workers" className="mt-8">
          <Profilings profilings={profilings.nodes} canEdit={viewer.viewerCanEdit} />
        </Section>
      )}
      {shown && <ProfileView profile={shown} device={device} canEdit={viewer.viewerCanEdit} />}
      {device.measurements.totalCount > 0 && (
        <Section
          title="Measured networks"
          className="mt-8"
          aside={
            device.measurements.totalCount > device.measurements.nodes.length
              ? `the last ${device.measurements.nodes.length} of ${device.measurements.totalCount}`
              : plural(device.measurements.totalCount, 'measurement')
          }
        >
          <Measurements rows={device.measurements.nodes} canEdit={viewer.viewerCanEdit} />
        </Section>
      )}
      {viewer.viewerCanEdit && (
        <Section title="Add a profile" className="mt-8">
          <AddProfile deviceId={id} />
        </Section>
      )}
    </>
  );
}

import { fixed, milliseconds, percent, plural, times } from '#src/format/numbers.ts';
import { moment } from '#src/format/time.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Fact } from '#src/ui/page-header.tsx';
import { Section } from '#src/ui/section.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { HeldOutChart, StairsChart } from './profile-charts.tsx';
import { ProfileDifferences } from './profile-differences.tsx';

export const profileView = graphql(`
  fragment ProfileView on DeviceProfile @_unmask {
    id
    networkName
    engine
    engineVersion
    threads
    batch
    baseMs
    smallestMs
    overheadMs
    errorMedian
    errorWorst
    measuredAt
    downloadUrl
    check { ratio low high isQuiet }
    measuredBy { machine }
    differences
    createdBy { name }
    models(first: 5) { nodes { id name } }
    kinds { layer inputStep outputStep constant perInput perOutput perPair samples }
    heldOut { predictedMs measuredMs }
    stairs { share milliseconds }
  }
`);

/** What a device takes for one network: at which widths, how well that is known, and for which layers. */
export function ProfileView({
  profile,
  device,
  canEdit,
}: {
  profile: ResultOf<typeof profileView>;
  device: { readonly id: string; readonly name: string };
  canEdit: boolean;
}) {
  const { networkName, check, stairs, heldOut, kinds, models, baseMs, smallestMs } = profile;
  return (
    <>
      <Section
        title={`${networkName} on ${device.name}`}
        className="mt-8"
        aside={
          <>
            {canEdit && (
              <MoveToTrash
                id={profile.id}
                name={`the profile of ${networkName}`}
                back={`/devices/${device.id}`}
              />
            )}
            <DownloadLink url={profile.downloadUrl} name={`${device.name}-${networkName}`} />
          </>
        }
      >
        <div className="mb-4 flex flex-wrap gap-x-4 gap-y-1 text-ink-soft">
          <Fact name="engine">
            {wordOf(profile.engine)} {profile.engineVersion}
          </Fact>
          <Fact name="a run">
            {plural(profile.batch, 'image')} on {plural(profile.threads, 'thread')}
          </Fact>
          <Fact name="as given">{milliseconds(baseMs)}</Fact>
          <Fact name="reachable">
            {milliseconds(smallestMs)}, {times(baseMs, smallestMs)} as fast
          </Fact>
          <Fact name="error">
            {percent(profile.errorMedian, 1)} median, {percent(profile.errorWorst, 1)} at worst
          </Fact>
          <Fact name="same network timed twice">
            {fixed(check.ratio)}× ({fixed(check.low)} to {fixed(check.high)})
          </Fact>
          <Fact name="measured">{moment(profile.measuredAt)}</Fact>
          {profile.measuredBy && <Fact name="by a worker on">{profile.measuredBy.machine}</Fact>}
          {profile.createdBy && (
            <Fact name={profile.measuredBy ? 'asked by' : 'by'}>{profile.createdBy.name}</Fact>
          )}
          {models.nodes.map(({ id, name }) => (
            <TextLink key={id} href={`/models/${id}`}>
              {name}
            </TextLink>
          ))}
        </div>
        {profile.differences !== null && profile.differences.length > 0 && (
          <div className="mb-4">
            <ProfileDifferences differences={profile.differences} />
          </div>
        )}
        {!check.isQuiet && (
          <div className="mb-4">
            <Notice>
              The machine was too busy to tell: one and the same network differed by{' '}
              {percent(Math.abs(check.ratio - 1), 1)} from itself. End other work there and profile again.
            </Notice>
          </div>
        )}
        <div className="grid gap-8 lg:grid-cols-2">
          <Section title="Time by width" aside="predicted, the same share of every group">
            {stairs ? (
              <StairsChart stairs={stairs} baseMs={baseMs} />
            ) : (
              <p className="py-2 text-ink-soft">
                Its network is not on this platform: push it, and add the profile again to see the stairs.
              </p>
            )}
          </Section>
          <Section title="How good it predicts" aside={`${plural(heldOut.length, 'structure')} held out`}>
            <HeldOutChart heldOut={heldOut} />
          </Section>
        </div>
      </Section>
      <Section title="Kinds of layers" aside={plural(kinds.length, 'kind')} className="mt-8">
        <p className="mb-2 max-w-3xl text-ink-soft">
          Layers of a kind differ in their channels only. Channels are computed in blocks: a layer of 9 takes
          as long as one of 16 where blocks have 8.
        </p>
        <DataTable
          caption="What each kind of layer takes"
          rows={kinds}
          keyOf={({ layer }) => layer}
          columns={[
            { name: 'Kind', long: ({ layer }) => layer },
            { name: 'Layers', right: true, from: 'md', cell: ({ samples }) => samples },
            { name: 'Block of inputs', right: true, cell: ({ inputStep }) => inputStep },
            { name: 'Of outputs', right: true, cell: ({ outputStep }) => outputStep },
            { name: 'Always', right: true, cell: ({ constant }) => milliseconds(constant) },
            { name: 'An input', right: true, from: 'lg', cell: ({ perInput }) => nanoseconds(perInput) },
            { name: 'An output', right: true, from: 'lg', cell: ({ perOutput }) => nanoseconds(perOutput) },
            { name: 'A pair of both', right: true, from: 'md', cell: ({ perPair }) => nanoseconds(perPair) },
          ]}
        />
      </Section>
    </>
  );
}

/** Of milliseconds that are too small for their own unit. */
function nanoseconds(ms: number): string {
  return `${fixed(ms * 1e6, ms * 1e6 < 10 ? 1 : 0)} ns`;
}

import { milliseconds, plural } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { speedupWords } from '#src/runs/speedup-words.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { RemoveMeasurements } from './remove-measurements.tsx';

export const measurementRow = graphql(`
  fragment MeasurementRow on Measurement @_unmask {
    id
    networkName
    engine
    engineVersion
    threads
    batch
    p50Ms
    p10Ms
    p90Ms
    comparedName
    speedup { ratio low high }
    check { isQuiet }
    measuredAt
    models(first: 1) { nodes { id } }
  }
`);

type Row = ResultOf<typeof measurementRow>;

/** What networks took on a device, each beside what it was compared with. */
export function Measurements({ rows, canEdit }: { rows: readonly Row[]; canEdit: boolean }) {
  return (
    <DataTable
      caption="Networks measured on the device"
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          name: 'Network',
          cell: ({ networkName, models: { nodes } }) =>
            nodes[0] ? <TextLink href={`/models/${nodes[0].id}`}>{networkName}</TextLink> : networkName,
        },
        {
          name: 'A run',
          cell: ({ p50Ms, p10Ms, p90Ms }) => (
            <span className="whitespace-nowrap">
              {milliseconds(p50Ms)}{' '}
              <span className="text-small text-ink-soft">
                ({milliseconds(p10Ms)} to {milliseconds(p90Ms)})
              </span>
            </span>
          ),
        },
        { name: 'Compared', cell: (row) => <Compared row={row} /> },
        { name: 'Images', right: true, from: 'md', cell: ({ batch }) => plural(batch, 'image') },
        { name: 'Threads', right: true, from: 'md', cell: ({ threads }) => threads },
        {
          name: 'Engine',
          from: 'lg',
          cell: ({ engine, engineVersion }) => `${wordOf(engine)} ${engineVersion}`,
        },
        { name: 'Measured', time: ({ measuredAt }) => measuredAt, from: 'md' },
        canEdit && {
          name: 'Remove',
          right: true,
          cell: ({ id, networkName }) => <RemoveMeasurements id={id} name={networkName} />,
        },
      ]}
    />
  );
}

function Compared({ row: { speedup, comparedName, check } }: { row: Row }) {
  if (!speedup) return <span className="text-ink-soft">–</span>;
  return (
    <>
      {speedupWords(speedup.ratio, speedup, `as fast as ${comparedName}`)}
      {check && !check.isQuiet && (
        <span className="block text-small text-ink-soft">the machine was too busy to tell</span>
      )}
    </>
  );
}

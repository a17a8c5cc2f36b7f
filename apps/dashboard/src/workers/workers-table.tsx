import { bytes, plural } from '#src/format/numbers.ts';
import type { Status } from '#src/format/status.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import { Badge } from '#src/ui/status-badge.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import { WorkerActions } from './worker-actions.tsx';

export const workerRow = graphql(`
  fragment WorkerRow on Worker @_unmask {
    id
    host
    state
    draining
    engine
    cores
    memoryBytes
    gpu
    version
    startedAt
    lastSeenAt
    run { id name }
    sampling { id criterion }
    profiling { id deviceName model { name } }
  }
`);

type WorkerRow = ResultOf<typeof workerRow>;

const LOOKS = {
  BUSY: 'running',
  IDLE: 'done',
  DRAINING: 'cancelled',
  LOST: 'lost',
  STOPPED: 'queued',
} as const satisfies Record<WorkerRow['state'], Status>;

/** For those who may drain them. */
export function WorkersTable({ workers }: { workers: readonly WorkerRow[] }) {
  if (workers.length === 0) {
    return (
      <p className="py-2 text-ink-soft">
        No worker is there: runs wait. Start one with <code className="font-mono">espalier worker</code>.
      </p>
    );
  }
  return (
    <DataTable
      caption="Workers"
      rows={workers}
      keyOf={({ id }) => id}
      columns={[
        { name: 'Host', className: 'font-medium', title: ({ id }) => id, cell: ({ host }) => host },
        { name: 'State', cell: ({ state }) => <Badge status={LOOKS[state]} word={wordOf(state)} /> },
        { name: 'At work on', from: 'md', cell: (worker) => <Work worker={worker} /> },
        { name: 'Engine', cell: engineWords },
        { name: 'Cores', right: true, cell: ({ cores }) => plural(cores, 'core') },
        { name: 'Memory', right: true, from: 'md', cell: ({ memoryBytes }) => bytes(memoryBytes) },
        { name: 'Last heartbeat', time: ({ lastSeenAt }) => lastSeenAt },
        {
          name: 'Actions',
          unseen: true,
          right: true,
          cell: (worker) => worker.state !== 'STOPPED' && <WorkerActions {...worker} />,
        },
      ]}
    />
  );
}

function engineWords({ engine, gpu }: WorkerRow): string {
  return gpu ? `${wordOf(engine)} on ${gpu}` : wordOf(engine);
}

/** What it computes, as far as the team may know. */
function Work({ worker: { run, sampling, profiling, state } }: { worker: WorkerRow }) {
  if (run) {
    return <TextLink href={`/runs/${run.id}`}>{run.name}</TextLink>;
  }
  if (profiling) {
    return (
      <TextLink href="/devices">
        a profile of {profiling.model.name} on {profiling.deviceName}
      </TextLink>
    );
  }
  if (sampling) return <>a share of a sampling by {sampling.criterion}</>;
  return <span className="text-ink-soft">{state === 'BUSY' ? 'another team\u2019s work' : '–'}</span>;
}

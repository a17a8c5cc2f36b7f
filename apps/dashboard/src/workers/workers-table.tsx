import Link from 'next/link';
import { bytes, plural } from '#src/format/numbers.ts';
import { runTitle } from '#src/format/strategies.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { StatusBadge } from '#src/ui/status-badge.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';
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
    run { id allocation criterion metric share seed }
    sampling { id criterion }
  }
`);

type WorkerRow = ResultOf<typeof workerRow>;

const LOOKS = {
  busy: 'running',
  idle: 'finished',
  draining: 'cancelled',
  lost: 'lost',
  stopped: 'queued',
} as const satisfies Record<WorkerRow['state'], string>;

export function WorkersTable({
  workers,
  canManage = false,
}: {
  workers: readonly WorkerRow[];
  canManage?: boolean;
}) {
  if (workers.length === 0) {
    return (
      <p className="py-2 text-ink-soft">
        No worker is there: runs wait. Start one with <code className="font-mono">espalier worker</code>.
      </p>
    );
  }
  return (
    <Table caption="Workers">
      <thead>
        <tr>
          <Th>Host</Th>
          <Th>State</Th>
          <Th className="hidden md:table-cell">At work on</Th>
          <Th>Engine</Th>
          <Th right>Cores</Th>
          <Th right className="hidden md:table-cell">
            Memory
          </Th>
          <Th right>Last heartbeat</Th>
          {canManage && (
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          )}
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <Tr key={worker.id}>
            <Td className="font-medium" title={worker.id}>
              {worker.host}
            </Td>
            <Td>
              <StatusBadge state={LOOKS[worker.state]} word={worker.state} />
            </Td>
            <Td className="hidden md:table-cell">
              <Work worker={worker} />
            </Td>
            <Td>{engineWords(worker)}</Td>
            <Td right>{plural(worker.cores, 'core')}</Td>
            <Td right className="hidden md:table-cell">
              {bytes(worker.memoryBytes)}
            </Td>
            <Td right className="text-ink-soft">
              <Time at={worker.lastSeenAt} />
            </Td>
            {canManage && <Td right>{worker.state !== 'stopped' && <WorkerActions {...worker} />}</Td>}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function engineWords({ engine, gpu }: WorkerRow): string {
  const name = engine === 'auto' ? 'fastest that loads' : engine;
  return gpu ? `${name} on ${gpu}` : name;
}

/** What it computes, as far as the team may know. */
function Work({ worker: { run, sampling, state } }: { worker: WorkerRow }) {
  if (run) {
    return (
      <Link href={`/runs/${run.id}`} className="hover:underline">
        {runTitle(run)}
      </Link>
    );
  }
  if (sampling) return <>a share of a sampling by {sampling.criterion}</>;
  return <span className="text-ink-soft">{state === 'busy' ? 'another team\u2019s work' : '–'}</span>;
}

import { bytes, plural } from '#src/format/numbers.ts';
import { StatusBadge } from '#src/ui/status-badge.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';

interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly engine: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly gpu: string | null;
  readonly version: string;
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

/** A heartbeat that is older is no sign of life. */
const SILENT_MS = 20_000;

function isAlive({ lastSeenAt }: Pick<WorkerRow, 'lastSeenAt'>, now = Date.now()): boolean {
  return now - new Date(lastSeenAt).getTime() < SILENT_MS;
}

export function WorkersTable({ workers }: { workers: readonly WorkerRow[] }) {
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
          <Th>Engine</Th>
          <Th right>Cores</Th>
          <Th right className="hidden md:table-cell">
            Memory
          </Th>
          <Th right>Last heartbeat</Th>
        </tr>
      </thead>
      <tbody>
        {workers.map((worker) => (
          <Tr key={worker.id}>
            <Td className="font-medium" title={worker.id}>
              {worker.host}
            </Td>
            <Td>
              {isAlive(worker) ? (
                <StatusBadge state="finished" word="ready" />
              ) : (
                <StatusBadge state="lost" word="lost" />
              )}
            </Td>
            <Td>{worker.gpu ? `${worker.engine} on ${worker.gpu}` : worker.engine}</Td>
            <Td right>{plural(worker.cores, 'core')}</Td>
            <Td right className="hidden md:table-cell">
              {bytes(worker.memoryBytes)}
            </Td>
            <Td right className="text-ink-soft">
              <Time at={worker.lastSeenAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

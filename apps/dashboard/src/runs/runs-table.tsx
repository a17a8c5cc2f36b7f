import { clsx } from 'clsx';
import Link from 'next/link';
import { count, milliseconds, percent } from '#src/format/numbers.ts';
import { isOver } from '#src/format/status.ts';
import { targetWords } from '#src/format/strategies.ts';
import { Dot } from '#src/ui/dot.tsx';
import { Progress } from '#src/ui/progress.tsx';
import { StatusBadge } from '#src/ui/status-badge.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import { Time } from '#src/ui/time.tsx';
import type { RunRow } from './run-row.ts';

/** Runs, a line each. On a phone the columns that matter stay: what, how it stands, how good it is. */
export function RunsTable({
  runs,
  withExperiment = false,
  caption = 'Runs',
}: {
  runs: readonly RunRow[];
  withExperiment?: boolean;
  caption?: string;
}) {
  const wide = 'hidden md:table-cell';
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          <Th>Strategy</Th>
          {withExperiment && <Th className={wide}>Experiment</Th>}
          <Th className={wide}>To remove</Th>
          <Th right className={wide}>
            Seed
          </Th>
          <Th>State</Th>
          <Th right>Top-1</Th>
          <Th right className={wide}>
            As cut
          </Th>
          <Th right className={wide}>
            MACs
          </Th>
          <Th right className={wide}>
            Params
          </Th>
          <Th right className={wide}>
            Latency (p50)
          </Th>
          <Th right className={wide}>
            Started
          </Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Tr key={run.id}>
            <Td>
              <Link href={`/runs/${run.id}`} className="flex items-center gap-2 font-medium hover:underline">
                <Dot allocation={run.allocation} />
                {run.allocation} · {run.criterion}
              </Link>
              <span className="text-small text-ink-soft md:hidden">
                {targetWords(run)}, seed {run.seed}
              </span>
            </Td>
            {withExperiment && (
              <Td className={wide}>
                <Link href={`/experiments/${run.experiment.id}`} className="hover:underline">
                  {run.experiment.name}
                </Link>
              </Td>
            )}
            <Td className={clsx(wide, 'whitespace-nowrap')}>{targetWords(run)}</Td>
            <Td right className={wide}>
              {run.seed}
            </Td>
            <Td>
              <span className="flex items-center gap-3" title={run.error ?? undefined}>
                <StatusBadge state={run.state} />
                {!isOver(run.state) && run.progress.total > 0 && (
                  <Progress {...run.progress} label={`${run.state} of ${run.allocation}`} />
                )}
              </span>
            </Td>
            <Td right>{percent(run.result?.top1)}</Td>
            <Td right className={wide}>
              {percent(run.result?.prunedTop1)}
            </Td>
            <Td right className={wide}>
              {count(run.result?.macs)}
            </Td>
            <Td right className={wide}>
              {count(run.result?.params)}
            </Td>
            <Td right className={wide}>
              {milliseconds(run.result?.latencyMs)}
            </Td>
            <Td right className={clsx(wide, 'text-ink-soft')}>
              <Time at={run.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

'use client';

import { duration, plural, rate } from '#src/format/numbers.ts';
import type { Status } from '#src/format/status.ts';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { Refresh } from '#src/live/refresh.tsx';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Progress } from '#src/ui/progress.tsx';
import { Badge } from '#src/ui/status-badge.tsx';
import { TextLink } from '#src/ui/text-link.tsx';
import type { profilingFields } from './profiling-fields.ts';

const cancelProfiling = graphql(`
  mutation CancelProfiling($id: ID!) {
    cancelProfiling(input: { id: $id }) { ok errors { message } }
  }
`);

type Profiling = ResultOf<typeof profilingFields>;

const STATES: Readonly<Record<Profiling['state'], readonly [Status, string]>> = {
  WAITING: ['queued', 'waiting'],
  CLEARING: ['running', 'ending other work'],
  MEASURING: ['running', 'measuring'],
  DONE: ['done', 'done'],
  FAILED: ['failed', 'failed'],
  CANCELLED: ['cancelled', 'cancelled'],
};

/** Profiles that workers were asked to measure: how far, how fast, what became of them. */
export function Profilings({ profilings, canEdit }: { profilings: readonly Profiling[]; canEdit: boolean }) {
  const action = useAction();
  return (
    <>
      {profilings.some(({ isOver }) => !isOver) && <Refresh seconds={2} />}
      {action.error && <Notice kind="error">{action.error}</Notice>}
      <DataTable
        caption="Profiles measured by workers"
        rows={profilings}
        keyOf={({ id }) => id}
        columns={[
          {
            name: 'Network',
            cell: ({ model }) => <TextLink href={`/models/${model.id}`}>{model.name}</TextLink>,
          },
          { name: 'Device', from: 'md', cell: (one) => <DeviceName profiling={one} /> },
          { name: 'Machine', from: 'lg', long: ({ machine }) => machine },
          {
            name: 'A run',
            from: 'lg',
            cell: ({ batch, threads }) => `${plural(batch, 'image')}, ${plural(threads, 'thread')}`,
          },
          { name: 'State', cell: (one) => <State profiling={one} /> },
          { name: 'Asked', time: ({ createdAt }) => createdAt, from: 'md' },
          {
            name: 'Actions',
            unseen: true,
            right: true,
            cell: ({ id, isOver, model }) =>
              !isOver &&
              canEdit && (
                <Button
                  look="quiet"
                  disabled={action.pending}
                  aria-label={`Cancel the profile of ${model.name}`}
                  onClick={() => void action.mutate(cancelProfiling, { id })}
                >
                  Cancel
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}

function DeviceName({ profiling: { device, deviceName, profile } }: { profiling: Profiling }) {
  if (!device) return deviceName;
  const shown = profile ? `?profile=${profile.id}` : '';
  return <TextLink href={`/devices/${device.id}${shown}`}>{deviceName}</TextLink>;
}

function State({ profiling: { state, error, progress, profile } }: { profiling: Profiling }) {
  const [status, word] = STATES[state];
  return (
    <div className="grid gap-1">
      <Badge status={status} word={word} />
      {state === 'MEASURING' && progress.total > 0 && (
        <>
          <Progress {...progress} label="structures measured" />
          <span className="text-small text-ink-soft tabular-nums">
            {progress.ratePerSecond !== null && `${rate(progress.ratePerSecond, 'structures')}, `}
            {progress.secondsLeft !== null && `${duration(progress.secondsLeft)} left`}
          </span>
        </>
      )}
      {error && <span className="text-small text-danger">{error}</span>}
      {profile && !profile.check.isQuiet && (
        <span className="text-small text-ink-soft">the machine was too busy to tell</span>
      )}
    </div>
  );
}

import { clsx } from 'clsx';
import { CircleAlert, CircleCheck, CircleDashed, CircleHelp, CircleSlash, LoaderCircle } from 'lucide-react';
import { type Status, stateWord, statusOf } from '#src/format/status.ts';

const LOOKS = {
  queued: { icon: CircleDashed, colour: 'text-queued' },
  running: { icon: LoaderCircle, colour: 'text-running' },
  done: { icon: CircleCheck, colour: 'text-done' },
  failed: { icon: CircleAlert, colour: 'text-failed' },
  cancelled: { icon: CircleSlash, colour: 'text-cancelled' },
  lost: { icon: CircleHelp, colour: 'text-lost' },
} as const satisfies Record<Status, unknown>;

/** Colour, icon and word: no state is told by its colour alone. */
export function StatusBadge({
  state,
  waits = false,
}: {
  state: string;
  /** Whether the work of this state has not begun. */
  waits?: boolean;
}) {
  const status = statusOf(state);
  const isHeld = waits && status === 'running';
  return (
    <Badge
      status={isHeld ? 'queued' : status}
      word={isHeld ? `waits for ${stateWord(state)}` : stateWord(state)}
    />
  );
}

/** The same for what is no run. */
export function Badge({ status, word }: { status: Status; word: string }) {
  const { icon: Icon, colour } = LOOKS[status];
  return (
    <span className={clsx('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', colour)}>
      <Icon aria-hidden className={clsx('size-3.5', status === 'running' && 'animate-spin')} />
      {word}
    </span>
  );
}

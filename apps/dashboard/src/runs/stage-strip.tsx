import { clsx } from 'clsx';
import { Check, Circle, LoaderCircle, Minus, X } from 'lucide-react';
import { duration } from '#src/format/numbers.ts';
import { Progress } from '#src/ui/progress.tsx';
import type { Stage, StageState } from './stages.ts';

const ICONS = { done: Check, active: LoaderCircle, waiting: Circle, skipped: Minus, failed: X } as const;
const COLOURS: Readonly<Record<StageState, string>> = {
  done: 'text-done',
  active: 'text-running',
  waiting: 'text-ink-faint',
  skipped: 'text-ink-faint',
  failed: 'text-failed',
};
const WORDS: Readonly<Record<StageState, string>> = {
  done: 'done',
  active: 'at work',
  waiting: 'waits',
  skipped: 'left out',
  failed: 'failed',
};

/** The stages of a run in order; the one at work carries the bar. */
export function StageStrip({
  stages,
  done,
  total,
}: {
  stages: readonly Stage[];
  done: number;
  total: number;
}) {
  return (
    <ol className="flex flex-wrap items-center gap-x-5 gap-y-2 border-y border-line py-3" aria-label="Stages">
      {stages.map(({ name, state, seconds }) => {
        const Icon = ICONS[state];
        return (
          <li key={name} className="flex items-center gap-1.5">
            <Icon
              aria-hidden
              className={clsx('size-4', COLOURS[state], state === 'active' && 'animate-spin')}
            />
            <span
              className={clsx(state === 'waiting' || state === 'skipped' ? 'text-ink-soft' : 'font-medium')}
            >
              {name}
            </span>
            <span className="sr-only">{WORDS[state]}</span>
            {seconds !== null && <span className="text-ink-soft tabular-nums">{duration(seconds)}</span>}
            {state === 'active' && total > 0 && <Progress done={done} total={total} label={name} />}
          </li>
        );
      })}
    </ol>
  );
}

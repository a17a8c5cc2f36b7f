import { clsx } from 'clsx';
import { Ban, Check, Circle, LoaderCircle, Minus, X } from 'lucide-react';
import { duration, plural, rate } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';
import { Progress } from '#src/ui/progress.tsx';
import { Time } from '#src/ui/time.tsx';
import type { RunDetail } from './run-page-query.ts';
import { type StageState, type StageStep, unitOf } from './stages.ts';

const LOOKS = {
  done: [Check, 'text-done', 'done'],
  active: [LoaderCircle, 'animate-spin text-running', 'at work'],
  waiting: [Circle, 'text-ink-faint', 'waits'],
  skipped: [Minus, 'text-ink-faint', 'left out'],
  failed: [X, 'text-failed', 'failed'],
  cancelled: [Ban, 'text-cancelled', 'cancelled'],
} as const satisfies Record<StageState, unknown>;

/** The stages of a run in order; the one at work carries the bar, the rate and the time left. */
export function StageStrip({
  steps,
  progress,
  ahead,
  worker,
}: {
  steps: readonly StageStep[];
  progress: RunDetail['progress'];
  /** Jobs of the team that are taken first, while the run waits. */
  ahead: number | null;
  /** Who is at it, as far as that is known. */
  worker: { readonly host: string; readonly lastSeenAt: string } | null;
}) {
  const unit = unitOf(progress.stage);
  return (
    <ol className="flex flex-wrap items-center gap-x-5 gap-y-2 border-y border-line py-3" aria-label="Stages">
      {progress.waitsFor && (
        <li className="text-failed">
          Waits for a worker with engine {wordOf(progress.waitsFor)}; there is none
        </li>
      )}
      {ahead !== null && !progress.waitsFor && (
        <li className="text-ink-soft">
          {ahead === 0 ? 'Next of yours' : `${plural(ahead, 'job of yours goes', 'jobs of yours go')} first`}
        </li>
      )}
      {steps.map(({ name, state: reached, seconds, attempts }) => {
        const isHeld = reached === 'active' && progress.waits;
        const state = isHeld ? 'waiting' : reached;
        const [Icon, look, words] = LOOKS[state];
        return (
          <li key={name} className="flex items-center gap-1.5">
            <Icon aria-hidden className={clsx('size-4', look)} />
            <span
              className={clsx(state === 'waiting' || state === 'skipped' ? 'text-ink-soft' : 'font-medium')}
            >
              {name}
            </span>
            <span className="sr-only">{words}</span>
            {isHeld && <span className="text-ink-soft">waits for a free worker</span>}
            {seconds !== null && !isHeld && (
              <span className="text-ink-soft tabular-nums">{duration(seconds)}</span>
            )}
            {attempts > 1 && <span className="text-small text-ink-soft">attempt {attempts}</span>}
            {state === 'active' && progress.total > 0 && (
              <>
                <Progress {...progress} label={name} />
                <span className="text-small text-ink-soft tabular-nums">
                  {progress.ratePerSecond !== null && unit && `${rate(progress.ratePerSecond, unit)}, `}
                  {progress.secondsLeft !== null && `${duration(progress.secondsLeft)} left`}
                </span>
              </>
            )}
          </li>
        );
      })}
      {worker && (
        <li className="ml-auto text-small text-ink-soft">
          on {worker.host}, last heartbeat <Time at={worker.lastSeenAt} />
        </li>
      )}
    </ol>
  );
}

import { type Maybe, times } from '#src/format/numbers.ts';
import { type Interval, intervalText, isSlower } from './speedup-words.ts';

/** A ratio of times with its interval in a table, and where it is slower than what it replaces, that. */
export function Speed({ ratio, interval }: { ratio: Maybe; interval: Interval | null | undefined }) {
  const slower = isSlower(ratio, interval);
  return (
    <span className="whitespace-nowrap">
      <span className={slower ? 'text-failed' : undefined}>{times(ratio, 1)}</span>
      {interval && <span className="text-small text-ink-soft"> {intervalText(interval)}</span>}
      {slower && <span className="text-small text-failed"> slower</span>}
    </span>
  );
}

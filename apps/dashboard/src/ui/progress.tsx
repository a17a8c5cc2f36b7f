import { grouped, percent } from '#src/format/numbers.ts';

/** A bar for work under way: done of total, as text too. */
export function Progress({ done, total, label }: { done: number; total: number; label: string }) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <span className="flex min-w-28 items-center gap-2">
      <span
        role="progressbar"
        aria-label={label}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-1.5 flex-1 overflow-hidden rounded-full bg-line"
      >
        <span className="block h-full bg-running" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="text-small text-ink-soft tabular-nums" title={`${grouped(done)} of ${grouped(total)}`}>
        {percent(share, 0)}
      </span>
    </span>
  );
}

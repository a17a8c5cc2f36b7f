import { Badge } from '#src/ui/status-badge.tsx';
import { standingOf } from './standing.ts';

/** How the runs of an experiment stand, in a line. */
export function Standing({ of }: { of: Parameters<typeof standingOf>[0] }) {
  const { status, word, runs } = standingOf(of);
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {status && <Badge status={status} word={word} />}
      <span className="text-small whitespace-nowrap text-ink-soft tabular-nums">{runs}</span>
    </span>
  );
}

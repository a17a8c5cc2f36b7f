import { ago, moment } from '#src/format/time.ts';

/** A relative time, the absolute one on hover. Rendered on the server: a page says how old it was when made. */
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return <span>–</span>;
  return (
    <time dateTime={at} title={moment(at)} suppressHydrationWarning className="whitespace-nowrap">
      {ago(at)}
    </time>
  );
}

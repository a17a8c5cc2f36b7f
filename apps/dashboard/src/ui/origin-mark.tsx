import { type Marked, markTitle, markWords } from '#src/format/origin.ts';

/** Beside an imported number: where it comes from and what stands behind it. Nothing beside the platform's own. */
export function OriginMark({ of }: { of: Marked }) {
  const words = markWords(of);
  if (words === null) return null;
  return (
    <span
      title={markTitle(of)}
      className="inline-block rounded-sm border border-line-strong px-1 text-small font-normal whitespace-nowrap text-ink-soft"
    >
      {words}
    </span>
  );
}

/** How far values lie apart, in points, behind their mean; nothing where that is not known. */
export function Deviation({ of }: { of: number | null | undefined }) {
  if (of == null) return null;
  return <span className="text-small text-ink-soft"> ± {(of * 100).toFixed(2)}</span>;
}

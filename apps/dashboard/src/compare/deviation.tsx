import { type ShownMetric, TOP1, valueText } from '#src/format/quality.ts';

/** How far values lie apart, in points of a share or in the unit, behind their mean; nothing where that is not known. */
export function Deviation({ of, metric = TOP1 }: { of: number | null | undefined; metric?: ShownMetric }) {
  if (of == null) return null;
  return (
    <span className="text-small text-ink-soft">
      {' '}
      ± {metric.unit === 'SHARE' ? (of * 100).toFixed(2) : valueText(metric, of)}
    </span>
  );
}

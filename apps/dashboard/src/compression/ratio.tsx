import { Speed } from '#src/runs/speed.tsx';
import type { CompressionBest } from './compression-query.ts';
import { isTime, type Metric } from './view.ts';
import { intervalOf, ratioText } from './words.ts';

/** A ratio; one of times with its interval. */
export function Ratio({ best, metric }: { best: CompressionBest; metric: Metric }) {
  const ratio = best.ratio[metric];
  if (isTime(metric)) return <Speed ratio={ratio} interval={intervalOf(metric, best)} />;
  return <span className={ratio !== null && ratio < 1 ? 'text-failed' : undefined}>{ratioText(ratio)}</span>;
}

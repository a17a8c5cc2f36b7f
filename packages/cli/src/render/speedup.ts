import type { CompressionMetric } from '@espalier/comparison';
import type { Speedup } from '@espalier/engines';
import { factor } from './units.ts';

/** "1.42x (1.38–1.47)" and what it means where that is not plain: within noise, or slower. */
export function speedupWords({ ratio, low, high }: Speedup, what = ''): string {
  const found = `${ratio.toFixed(2)}x${what === '' ? '' : ` ${what}`} (${low.toFixed(2)}–${high.toFixed(2)})`;
  if (high < 1) return `${found}, slower`;
  return low <= 1 ? `${found}, no difference` : found;
}

type Interval = Omit<Speedup, 'ratio'> | null | undefined;

/** A ratio in a cost: of measured times with its interval, and of all times with what is slower. */
export function ratioWords(
  metric: CompressionMetric,
  ratio: number,
  {
    latencyInterval,
    throughputInterval,
  }: { readonly latencyInterval?: Interval; readonly throughputInterval?: Interval },
): string {
  const measured = metric === 'throughput' ? throughputInterval : null;
  const interval = metric === 'latency' ? latencyInterval : measured;
  if (interval) return speedupWords({ ratio, ...interval });
  const isSlower = ratio < 1 && (metric === 'latency' || metric === 'predicted');
  return isSlower ? `${factor(ratio, 1)}, slower` : factor(ratio, 1);
}

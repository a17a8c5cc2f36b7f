import type { Speedup } from '@espalier/engines';

/** "1.42x (1.38–1.47)" and what it means where that is not plain: within noise, or slower. */
export function speedupWords({ ratio, low, high }: Speedup, what = ''): string {
  const found = `${ratio.toFixed(2)}x${what === '' ? '' : ` ${what}`} (${low.toFixed(2)}–${high.toFixed(2)})`;
  if (high < 1) return `${found}, slower`;
  return low <= 1 ? `${found}, no difference shows` : found;
}

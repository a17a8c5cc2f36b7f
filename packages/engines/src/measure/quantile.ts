/** Linear between the two nearest of the ascending values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const [low, high] = [Math.floor(position), Math.ceil(position)].map((i) => sorted[i] ?? Number.NaN);
  return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (position % 1);
}

/**
 * Which points nobody beats: no other one costs as little or less and is as accurate or more, and better in one of
 * the two. Equal points stand together. A point of which one of the two is not known is never on the front.
 *
 * @param accuracy higher is better
 * @param cost lower is better, as long as `accuracy`
 */
export function paretoFront(
  accuracy: readonly (number | null)[],
  cost: readonly (number | null)[],
): boolean[] {
  const points = accuracy.flatMap((high, index) => {
    const low = cost[index] ?? null;
    return high === null || low === null ? [] : [{ index, high, low }];
  });
  points.sort((a, b) => a.low - b.low || b.high - a.high);
  const front = accuracy.map(() => false);
  let best = { high: Number.NEGATIVE_INFINITY, low: Number.NEGATIVE_INFINITY };
  for (const { index, high, low } of points) {
    const equal = high === best.high && low === best.low;
    if (high <= best.high && !equal) continue;
    front[index] = true;
    best = { high, low };
  }
  return front;
}

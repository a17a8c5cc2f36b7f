/** Widths, ascending, and how many times as long as its formula says a layer takes there. */
export type Factors = readonly (readonly [channels: number, factor: number])[];

interface Timed {
  readonly inputs: number;
  readonly outputs: number;
  readonly milliseconds: number;
}

/** As many layers as these, on the formula, stand against those of a width: one that was measured once tells little. */
const HELD_BACK = 2;
const PASSES = 10;
/** One that was disturbed counts as twice as slow, not as a hundred times. */
const MOST = Math.log(2);

/**
 * What stairs of even steps leave: engines have separate ways for some widths. A factor for each width of the
 * inputs and of the outputs that was measured, by turns from what the other ones leave.
 *
 * @param predicted milliseconds of each by the formula
 */
export function fitFactors(times: readonly Timed[], predicted: readonly number[]) {
  const left = times.map(({ milliseconds }, i) => {
    const off = Math.log(milliseconds / (predicted[i] ?? milliseconds));
    return Number.isFinite(off) ? Math.max(-MOST, Math.min(MOST, off)) : 0;
  });
  const found = { inputs: new Map<number, number>(), outputs: new Map<number, number>() };
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [side, other] of [['outputs', 'inputs'] as const, ['inputs', 'outputs'] as const]) {
      const sums = new Map<number, { sum: number; count: number }>();
      for (const [i, time] of times.entries()) {
        const before = sums.get(time[side]) ?? { sum: 0, count: 0 };
        const off = (left[i] ?? 0) - (found[other].get(time[other]) ?? 0);
        sums.set(time[side], { sum: before.sum + off, count: before.count + 1 });
      }
      for (const [width, { sum, count }] of sums) found[side].set(width, sum / (count + HELD_BACK));
    }
  }
  return { inputs: listed(found.inputs), outputs: listed(found.outputs) };
}

/** A width that was not measured is as the next wider one that was: engines fill up. */
export function factorAt(factors: Factors | undefined, channels: number): number {
  if (!factors || factors.length === 0) return 1;
  let [low, high] = [0, factors.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((factors[middle]?.[0] ?? 0) >= channels - WHOLE) high = middle;
    else low = middle + 1;
  }
  return factors[low]?.[1] ?? 1;
}

/** Channels are added up from shares of units. */
const WHOLE = 1e-6;

/** A single width is its formula's. */
function listed(logs: ReadonlyMap<number, number>): [number, number][] {
  if (logs.size < 2) return [];
  return [...logs].sort(([a], [b]) => a - b).map(([width, log]) => [width, Math.exp(log)]);
}

import { seededRandom } from '@espalier/datasets';
import type { Timed } from './measure.ts';
import { quantile } from './quantile.ts';

/** How many times as fast one is as another, with the interval in which it lies with 95 % confidence. */
export interface Speedup {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;
const CONFIDENCE = 0.95;

/**
 * Median time of the other over the own one. The interval is a bootstrap's: rounds are drawn again with both of their
 * runs, in blocks, as what slows a machine down lasts for several rounds (Künsch, "The jackknife and the bootstrap for
 * general stationary observations", 1989).
 *
 * Both are of one call of `measure`.
 */
export function speedup({ runs: own }: Pick<Timed, 'runs'>, { runs: other }: Pick<Timed, 'runs'>): Speedup {
  const n = own.length;
  if (n !== other.length || n === 0)
    throw new Error(`${n} and ${other.length} runs are not of the same rounds`);
  const random = seededRandom(n);
  const block = Math.ceil(Math.sqrt(n));
  const ratios = Float64Array.from({ length: RESAMPLES }, () => {
    const [ours, theirs] = [new Float64Array(n), new Float64Array(n)];
    for (let at = 0; at < n; at += block) {
      const from = Math.floor(random() * n);
      for (let i = at; i < Math.min(n, at + block); i++) {
        const drawn = (from + i - at) % n;
        ours[i] = own[drawn] ?? Number.NaN;
        theirs[i] = other[drawn] ?? Number.NaN;
      }
    }
    return medianOf(theirs) / medianOf(ours);
  }).sort();
  const tail = (1 - CONFIDENCE) / 2;
  return {
    ratio: medianOf(Float64Array.from(other)) / medianOf(Float64Array.from(own)),
    low: quantile(ratios, tail),
    high: quantile(ratios, 1 - tail),
  };
}

/** Sorts in place. */
function medianOf(values: Float64Array): number {
  return quantile(values.sort(), 0.5);
}

/** Two measurements of one network that differ by more than this were disturbed. */
export const QUIET_WITHIN = 0.02;

/**
 * Whether a machine was quiet enough to tell networks apart: an A/A comparison, one network measured as if it were two.
 *
 * @param again how many times as fast the network was as itself
 */
export function isQuiet({ ratio }: Pick<Speedup, 'ratio'> & Partial<Speedup>): boolean {
  return Math.abs(ratio - 1) <= QUIET_WITHIN;
}

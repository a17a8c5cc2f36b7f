/** What one member of a group (a producer, a BatchNorm) says of its units. */
export interface MemberScores {
  /** The unit of each filter within the group, -1 for filters outside of it. */
  readonly units: ArrayLike<number>;
  /** One a filter. */
  readonly scores: ArrayLike<number>;
}

/** What a criterion's plain name stands for. */
export const DEFAULT_REDUCTION = 'sum';

/**
 * How the scores that the members of a coupled group give to a unit become one. `sum` counts all that goes with the
 * unit, `mean` lets groups of many and of few members compare, `max` keeps a unit that a single member needs.
 */
const reductions = {
  sum: (members) => members.reduce((sum, score) => sum + score, 0),
  mean: (members) => members.reduce((sum, score) => sum + score, 0) / members.length,
  max: (members) => Math.max(...members),
} satisfies Readonly<Record<string, (members: readonly number[]) => number>>;

export type Reduction = keyof typeof reductions;

export const reductionNames = Object.keys(reductions) as readonly Reduction[];

/**
 * One score a unit, 0 where no member scores it. Several filters of one member in a unit (a channel of every conv-group
 * of a grouped convolution) count as their sum, whatever the reduction.
 */
export function reduce(members: readonly MemberScores[], width: number, reduction: Reduction): Float64Array {
  const ofUnit = Array.from({ length: width }, (): number[] => []);
  for (const { units, scores } of members) {
    const sums = new Map<number, number>();
    for (let filter = 0; filter < units.length; filter++) {
      const unit = units[filter] ?? -1;
      if (unit >= 0) sums.set(unit, (sums.get(unit) ?? 0) + (scores[filter] ?? 0));
    }
    for (const [unit, sum] of sums) ofUnit[unit]?.push(sum);
  }
  return Float64Array.from(ofUnit, (scores) => (scores.length > 0 ? reductions[reduction](scores) : 0));
}

/** What one group may give: what that saves, and what it damages. Both ascend from (0, 0). */
export interface Option {
  readonly saved: number;
  readonly damage: number;
}

/** Choices for the first groups that may be the beginning of the best one. */
interface States {
  /** Descending, and the damages with them. */
  readonly saved: Float64Array;
  readonly damage: Float64Array;
  /** The last group's option, and the place of the choice before it among those of the groups before. */
  readonly option: Int32Array;
  readonly before: Int32Array;
}

/** More choices at once than this are not looked at. */
const MOST_STATES = 4_000_000;

/**
 * The choice of one option a group of the least summed damage that saves enough, exactly: the multiple-choice knapsack
 * problem, by the choices for the first groups that no other one beats in both (Nemhauser and Ullmann, "Discrete
 * dynamic programming and capital allocation", 1969), without those that the groups left, divisible at will, could not
 * complete to less than what is known.
 *
 * @param known a damage that can be had: only a smaller one is looked for, and the nearer it is, the faster
 * @returns the index of an option by group; undefined if none is better, and where more than 4 million choices
 * would have to be kept: then it is not known whether there is one
 */
export function knapsack(
  groups: readonly (readonly Option[])[],
  needed: number,
  known: number,
  mostStates = MOST_STATES,
): number[] | undefined {
  const all: States[] = [];
  let states: States | undefined;
  for (const [g, options] of groups.entries()) {
    const bound = leastOf(groups.slice(g + 1));
    const next = {
      saved: [] as number[],
      damage: [] as number[],
      option: [] as number[],
      before: [] as number[],
    };
    for (let before = 0; before < (states?.saved.length ?? 1); before++) {
      const [savedBefore, damageBefore] = [states?.saved[before] ?? 0, states?.damage[before] ?? 0];
      for (const [option, own] of options.entries()) {
        const [saved, damage] = [savedBefore + own.saved, damageBefore + own.damage];
        if (!(damage < known) || !(damage + bound(needed - saved) < known)) continue;
        next.saved.push(saved);
        next.damage.push(damage);
        next.option.push(option);
        next.before.push(before);
      }
      if (next.saved.length > mostStates) return undefined;
    }
    states = unbeaten(next);
    all.push(states);
  }
  // Of the last group's choices those that do not save enough had an infinite bound.
  let place = (all.at(-1)?.saved.length ?? 0) - 1;
  if (place < 0) return undefined;
  const chosen: number[] = [];
  for (const { option, before } of all.toReversed()) {
    chosen.push(option[place] ?? 0);
    place = before[place] ?? 0;
  }
  return chosen.reverse();
}

/** Those that save more, or damage less, than each other one. */
function unbeaten(states: Readonly<Record<keyof States, readonly number[]>>): States {
  const { saved, damage } = states;
  const order = Int32Array.from(saved.keys());
  order.sort(
    (a, b) => (saved[b] as number) - (saved[a] as number) || (damage[a] as number) - (damage[b] as number),
  );
  let least = Number.POSITIVE_INFINITY;
  const kept = order.filter((i) => {
    const isBetter = (damage[i] as number) < least;
    if (isBetter) least = damage[i] as number;
    return isBetter;
  });
  return {
    saved: Float64Array.from(kept, (i) => saved[i] as number),
    damage: Float64Array.from(kept, (i) => damage[i] as number),
    option: Int32Array.from(kept, (i) => states.option[i] as number),
    before: Int32Array.from(kept, (i) => states.before[i] as number),
  };
}

/** The least damage that groups can save so much with if each may mix two of its options: a lower bound. */
function leastOf(groups: readonly (readonly Option[])[]): (needed: number) => number {
  const edges = groups.flatMap(edgesOf).sort((a, b) => a.damage * b.saved - b.damage * a.saved);
  const reached: Option[] = [{ saved: 0, damage: 0 }];
  for (const edge of edges) {
    const { saved, damage } = reached.at(-1) ?? edge;
    reached.push({ saved: saved + edge.saved, damage: damage + edge.damage });
  }
  return (needed) => {
    if (needed <= 0) return 0;
    let [low, high] = [0, reached.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((reached[middle]?.saved ?? 0) >= needed) high = middle;
      else low = middle + 1;
    }
    const [from, to] = [reached[low - 1], reached[low]];
    if (!from || !to) return Number.POSITIVE_INFINITY;
    return from.damage + ((needed - from.saved) / (to.saved - from.saved)) * (to.damage - from.damage);
  };
}

/** The edges of the lower convex hull of a group's options, from (0, 0) on. */
function edgesOf(options: readonly Option[]): Option[] {
  const hull: Option[] = [{ saved: 0, damage: 0 }];
  for (const option of options) {
    const isSteeper = () => {
      const [a, b] = [hull.at(-2), hull.at(-1)];
      if (!a || !b) return false;
      return (
        (b.damage - a.damage) * (option.saved - b.saved) >= (option.damage - b.damage) * (b.saved - a.saved)
      );
    };
    while (isSteeper()) hull.pop();
    if (option.saved > (hull.at(-1)?.saved ?? 0)) hull.push(option);
  }
  return hull.slice(1).map(({ saved, damage }, i) => ({
    saved: saved - (hull[i]?.saved ?? 0),
    damage: damage - (hull[i]?.damage ?? 0),
  }));
}

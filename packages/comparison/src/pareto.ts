import type { Better } from './better.ts';

/** One of the two things by which points are judged. */
export interface Objective {
  /** One for each point, null if it is not known. */
  readonly values: readonly (number | null)[];
  readonly better: Better;
}

/**
 * Which points nobody beats: no other one is at least as good in both objectives and better in one. Equal points
 * stand together. A point of which one of the two is not known is never on the front.
 *
 * @returns a flag for each point
 */
export function paretoFront(first: Objective, second: Objective): boolean[] {
  const [signA, signB] = [sign(first), sign(second)];
  const points = first.values.flatMap((a, index) => {
    const b = second.values[index] ?? null;
    return a === null || b === null ? [] : [{ index, a: signA * a, b: signB * b }];
  });
  // From here on more is better in both.
  points.sort((p, q) => q.a - p.a || q.b - p.b);
  const front = first.values.map(() => false);
  let last = { a: Number.NaN, b: Number.NEGATIVE_INFINITY };
  for (const { index, a, b } of points) {
    if (b < last.b || (b === last.b && a !== last.a)) continue;
    front[index] = true;
    last = { a, b };
  }
  return front;
}

function sign({ better }: Objective): 1 | -1 {
  return better === 'higher' ? 1 : -1;
}

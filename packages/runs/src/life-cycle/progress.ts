/** How far a stage is, and since when that is told. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** When it was first told, and what was done by then: the rate counts from there. */
  readonly since: Date | null;
  readonly from: number;
  /** When it was last told. */
  readonly at: Date | null;
}

export const NOTHING_TOLD: Progress = { done: 0, total: 0, since: null, from: 0, at: null };

/** What is known after `done` of `total` was told. Going back, or another total, is a new beginning. */
export function told(before: Progress, done: number, total: number, at: Date): Progress {
  const goesOn = before.since !== null && done >= before.done && total === before.total;
  if (goesOn) return { ...before, done, at };
  return { done, total, since: at, from: done, at };
}

/** Per second; null before there is something to use. */
export function rateOf({ done, since, from, at }: Progress): number | null {
  const seconds = since && at ? (at.getTime() - since.getTime()) / 1000 : 0;
  return seconds > 0 && done > from ? (done - from) / seconds : null;
}

export interface Pace {
  readonly done: number;
  readonly total: number;
  readonly ratePerSecond: number | null;
  readonly secondsLeft: number | null;
}

/** Several parts as one: those that nobody began yet count as much as the others, rates add up. */
export function paceOf(parts: readonly (Progress & { readonly over?: boolean })[]): Pace {
  const known = parts.filter(({ total }) => total > 0);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const knownTotal = sum(known.map(({ total }) => total));
  const total = known.length > 0 ? Math.round((knownTotal / known.length) * parts.length) : 0;
  const done = sum(known.map((part) => (part.over ? part.total : part.done)));
  const rates = parts.filter(({ over }) => !over).flatMap((part) => rateOf(part) ?? []);
  const ratePerSecond = rates.length > 0 ? sum(rates) : null;
  return {
    ...{ done, total, ratePerSecond },
    secondsLeft: ratePerSecond === null ? null : Math.max(0, total - done) / ratePerSecond,
  };
}

// Pairs of runs, seen from the baseline.
import type { RunPair } from './analysis-query.ts';

export interface AgainstBaseline {
  readonly runId: string;
  /** Null where hits were not kept, the two may not be compared, or their savings lie apart. */
  readonly test: {
    /** The run's top-1 minus the baseline's. */
    readonly difference: number;
    readonly standardError: number;
    /** Images that only the run gets right, and that only the baseline does. */
    readonly gained: number;
    readonly lost: number;
    readonly p: number;
  } | null;
  /** How far savings lie apart; null where they compare. */
  readonly apart: number | null;
  readonly similarity: RunPair['similarity'];
  /** Why the two may not be compared; empty where they may. */
  readonly refused: readonly string[];
}

/** The other runs of the pairs that the baseline is in. */
export function againstBaseline(pairs: readonly RunPair[], baselineId: string): AgainstBaseline[] {
  return pairs.flatMap(({ a, b, verdict, reasons, apart, test, similarity }) => {
    if (a.id !== baselineId && b.id !== baselineId) return [];
    const baselineIsFirst = a.id === baselineId;
    const turned = test && {
      difference: baselineIsFirst ? -test.difference : test.difference,
      standardError: test.standardError,
      gained: baselineIsFirst ? test.c : test.b,
      lost: baselineIsFirst ? test.b : test.c,
      p: test.p,
    };
    return {
      runId: baselineIsFirst ? b.id : a.id,
      test: turned,
      apart,
      similarity,
      refused: verdict === 'NOT_COMPARABLE' ? reasons.map(({ text }) => text) : [],
    };
  });
}

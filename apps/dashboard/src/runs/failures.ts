import { canRetry } from '#src/format/status.ts';

interface Failed {
  readonly id: string;
  readonly state: string;
  readonly origin: string;
  readonly error: string | null;
}

/** Runs that failed for one reason. */
export interface Failure {
  readonly reason: string;
  readonly runs: readonly string[];
  /** Those that can be tried again. */
  readonly again: readonly string[];
}

/** Why runs failed, each reason once, the most frequent first. */
export function failuresOf(runs: readonly Failed[]): Failure[] {
  const failed = runs.filter(({ state }) => state === 'FAILED');
  const reasons = [...new Set(failed.map(({ error }) => error))];
  return reasons
    .map((reason) => {
      const own = failed.filter(({ error }) => error === reason);
      return {
        reason: reason ?? 'No reason was told.',
        runs: own.map(({ id }) => id),
        again: own.filter(canRetry).map(({ id }) => id),
      };
    })
    .sort((a, b) => b.runs.length - a.runs.length);
}

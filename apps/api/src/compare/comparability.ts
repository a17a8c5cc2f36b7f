import { asCompared, badges, comparability } from '@espalier/comparison';
import type { PublishedRow } from '../published/published-tables.ts';
import type { RunOutcome } from './compared-results.ts';

/** Whether the accuracies of these runs and publications may be compared. */
export function comparabilityOf(outcomes: readonly RunOutcome[], published: readonly PublishedRow[]) {
  return {
    ...comparability([...outcomes, ...published.map(asCompared)]),
    results: outcomes.length,
    published: published.length,
    badges: badges(outcomes),
  };
}

import { graphql } from '#src/graphql/graphql.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { type AllocationMethod, type Recipe, type RunsDraft, strategiesOf } from './plan.ts';

const drawnStrategies = graphql(`
  query DrawnStrategies($input: DrawnStrategiesInput!) { drawnStrategies(input: $input) }
`);

/** What decides, beside its strategies, whether chance plays a part in a draft. */
export interface DrawnUnder {
  readonly datasetId: string;
  readonly recipe: Recipe | null;
  /** Images; null for none. */
  readonly recalibrate: number | null;
  /** Training images; null for the usual number. */
  readonly repair: number | null;
  /** null for the usual number. */
  readonly samples: number | null;
}

/** Which strategies of a draft depend on their seeds; null where it does not matter, or is not known yet. */
export function useDrawn(
  draft: RunsDraft,
  allocations: readonly AllocationMethod[],
  { datasetId, recipe, recalibrate, repair, samples }: DrawnUnder,
): readonly boolean[] | null {
  const strategies = strategiesOf(draft, allocations, recipe);
  const matters = draft.seeds.length > 1 && strategies.length > 0 && datasetId !== '';
  const input = { datasetId, fineTuned: recipe !== null, recalibrate, repair, samples, strategies };
  const { answer, isCurrent } = useAnswer(drawnStrategies, matters ? { input } : null);
  return matters && isCurrent ? (answer?.drawnStrategies ?? null) : null;
}

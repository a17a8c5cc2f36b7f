import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { type AllocationMethod, type Recipe, type RunsDraft, strategiesOf, targetsOf } from './plan.ts';

const startRuns = graphql(`
  mutation StartRuns($experimentId: ID!, $strategies: [StrategyInput!]!, $targets: [TargetInput!]!, $seeds: [Int!]!) {
    startRuns(input: { experimentId: $experimentId, strategies: $strategies, targets: $targets, seeds: $seeds }) {
      ok
      errors { message path }
    }
  }
`);

/** Every strategy with every target and, where chance plays a part, every seed. */
export async function start(
  experimentId: string,
  draft: RunsDraft,
  allocations: readonly AllocationMethod[],
  recipe: Recipe | null,
) {
  const { startRuns: answer } = await send(startRuns, {
    experimentId,
    strategies: strategiesOf(draft, allocations, recipe),
    targets: targetsOf(draft),
    seeds: [...draft.seeds],
  });
  return answer;
}

import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { type RunsDraft, readPair } from './plan.ts';

const startRuns = graphql(`
  mutation StartRuns($experimentId: ID!, $strategies: [StrategyInput!]!, $targets: [TargetInput!]!, $seeds: [Int!]!) {
    startRuns(experimentId: $experimentId, strategies: $strategies, targets: $targets, seeds: $seeds) {
      ok
      error { message }
    }
  }
`);

/** Every strategy with every target and every seed. */
export async function start(experimentId: string, { strategies, metric, shares, seeds }: RunsDraft) {
  const { startRuns: answer } = await send(startRuns, {
    experimentId,
    strategies: strategies.map(readPair),
    targets: shares.map((share) => ({ metric, share })),
    seeds: [...seeds],
  });
  return answer;
}

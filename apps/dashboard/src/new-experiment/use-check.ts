import type { VariablesOf } from '#src/graphql/graphql.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import type { Refusal } from '#src/live/refusal.ts';
import { checkExperiment } from './check-query.ts';

type Input = VariablesOf<typeof checkExperiment>['input'];

/** For as long as nobody has typed a name. */
const SOME_NAME = 'experiment';

/** What the API would refuse of a draft, asked anew whenever it changes: whether model and data set fit, above all. */
export function useCheck(input: Input): readonly Refusal[] {
  const asked = { ...input, name: input.name.trim() || SOME_NAME, dryRun: true };
  const isThere = input.modelId !== '' && input.datasetId !== '';
  const { answer } = useAnswer(checkExperiment, isThere ? { input: asked } : null);
  return answer?.createExperiment.errors ?? [];
}

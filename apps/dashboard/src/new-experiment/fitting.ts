import { query } from '#src/graphql/server.ts';
import { checkExperiment } from './check-query.ts';

/** Each is asked for on its own, and a page does not wait for all of a long list. */
const MOST_TRIED = 4;

/** The first data set whose images this model can be judged by; the first of all where none of some is. */
export async function fittingDataset(
  modelId: string,
  datasets: readonly { readonly id: string }[],
): Promise<string | undefined> {
  if (datasets.length > 1) {
    for (const { id } of datasets.slice(0, MOST_TRIED)) {
      const input = { modelId, datasetId: id, name: id, dryRun: true };
      const { createExperiment: answer } = await query(checkExperiment, { input });
      if (answer.ok) return id;
    }
  }
  return datasets[0]?.id;
}

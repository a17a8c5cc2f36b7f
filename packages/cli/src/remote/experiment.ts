import { type Client, graphql, type Login, type ResultOf } from '@espalier/client';
import { InputError } from '@espalier/errors';
import { type Context, Terminal } from '../terminal.ts';
import { clientOf } from './login.ts';
import { type Run, runsOf, runTable } from './runs.ts';
import { watchRuns } from './watch.ts';

const oneExperiment = graphql(`
  query OneExperiment($id: ID!) {
    experiment(id: $id) { id name qualityMetric { name } model { params macs } base { top1 top5 loss } }
  }
`);

type Experiment = NonNullable<ResultOf<typeof oneExperiment>['experiment']>;

/**
 * Shows the runs of an experiment until all are over.
 *
 * @throws {InputError} if there is no such experiment
 */
export async function watchExperiment(
  client: Client,
  id: string,
  context: Context,
): Promise<{ readonly experiment: Experiment; readonly runs: readonly Run[] }> {
  await findExperiment(client, id);
  const runs = await watchRuns(client, () => runsOf(client, id), context);
  return { experiment: await findExperiment(client, id), runs };
}

/** What `espalier experiments watch` shows, for whoever has brought a platform up. Answers the table of results. */
export async function showExperiment(login: Login, id: string, signal: AbortSignal): Promise<string> {
  const terminal = new Terminal(process.stderr);
  const { experiment, runs } = await watchExperiment(clientOf(login), id, { terminal, signal });
  return runTable(runs, experiment);
}

async function findExperiment(client: Client, id: string): Promise<Experiment> {
  const { experiment } = await client.ask(oneExperiment, { id });
  if (!experiment) throw new InputError(`there is no experiment ${id}`);
  return experiment;
}

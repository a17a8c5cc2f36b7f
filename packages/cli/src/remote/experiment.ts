import { InputError } from '@espalier/errors';
import { type Context, Terminal } from '../terminal.ts';
import { Client, type Login } from './client.ts';
import { type Run, runsOf, runTable } from './runs.ts';
import { watchRuns } from './watch.ts';

export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly model: { readonly params: number; readonly macs: number };
  /** The model as given, on the test split; null until a first run has measured it. */
  readonly base: { readonly top1: number } | null;
}

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
  const { experiment, runs } = await watchExperiment(new Client(login), id, { terminal, signal });
  return runTable(runs, experiment);
}

async function findExperiment(client: Client, id: string): Promise<Experiment> {
  const { experiment } = await client.ask<{ experiment: Experiment | null }>(
    'query ($id: ID!) { experiment(id: $id) { id name model { params macs } base { top1 } } }',
    { id },
  );
  if (!experiment) throw new InputError(`there is no experiment ${id}`);
  return experiment;
}

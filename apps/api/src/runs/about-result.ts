import type { Context } from '../graphql/context.ts';
import type { AboutRun } from './about.ts';

/**
 * What is told of a run whose result was read already. A run that finished meanwhile was perhaps read before it had
 * one: then it is read again.
 */
export async function aboutResult(
  { about }: Pick<Context['loaders'], 'about'>,
  runId: string,
): Promise<AboutRun | null> {
  const known = await about.load(runId);
  return known === null || known.hasResult ? known : about.clear(runId).load(runId);
}

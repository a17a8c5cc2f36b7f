import { type Client, graphql, type ResultOf, type VariablesOf } from '@espalier/client';
import { InputError } from '@espalier/errors';
import type { AskedTarget } from '@espalier/pruning';
import { enumOf } from './enum-words.ts';
import { profileOn } from './profile-on.ts';

const samplingFields = graphql(`
  fragment SamplingToExplore on SamplingRun {
    id state criterion qualityMetric { name } externalMetric { name direction } groups { name width } model { id name format }
  }
`);

const oneSampling = graphql(
  'query SamplingToExplore($id: ID!) { sampling: samplingRun(id: $id) { ...SamplingToExplore } }',
  [samplingFields],
);

const samplingOfRun = graphql(
  'query SamplingOfRun($id: ID!) { run(id: $id) { origin sampling { ...SamplingToExplore } } }',
  [samplingFields],
);

const allocations = graphql(`
  query Allocations(
    $samplingRun: ID!, $target: TargetInput!, $profile: ID, $allocations: [String!], $limits: WidthLimitsInput, $seed: Int!
  ) {
    found: allocate(
      samplingRun: $samplingRun, target: $target, profile: $profile, allocations: $allocations, limits: $limits, seed: $seed
    ) {
      share largest groups base { params macs latencyMs }
      structures {
        allocation widths predictedDrop cost { params macs latencyMs } saved { params macs latency } onnx
        groups { group before after kept } cuts { tensor axis kept }
      }
      refused { allocation reason }
    }
  }
`);

export type Sampling = ResultOf<typeof samplingFields>;
export type Explored = NonNullable<ResultOf<typeof allocations>['found']>;
type Asked = VariablesOf<typeof allocations>;

export interface Question {
  readonly target: AskedTarget;
  /** A device, or a profile of one; undefined: latency is not known. */
  readonly device: string | undefined;
  /** Null for all. */
  readonly allocations: readonly string[] | null;
  readonly limits: NonNullable<Asked['limits']>;
  readonly seed: number;
}

/**
 * What structures are searched by.
 *
 * @param id of a sampling run, or of a run that used one
 * @throws {InputError} if there is none, or it is not done
 */
export async function samplingOf(client: Client, id: string): Promise<Sampling> {
  const sampling = id.startsWith('run_')
    ? await ofRun(client, id)
    : (await client.ask(oneSampling, { id })).sampling;
  if (!sampling) throw new InputError(`there is no sampling run ${id}: give run_... or sample_...`);
  if (sampling.state === 'DONE') return sampling;
  throw new InputError(`the sampling is ${sampling.state.toLowerCase()}: wait until it is finished`);
}

async function ofRun(client: Client, id: string): Promise<Sampling> {
  const { run } = await client.ask(samplingOfRun, { id });
  if (!run) throw new InputError(`there is no run ${id}`);
  if (run.sampling) return run.sampling;
  throw new InputError(
    run.origin === 'EXTERNAL'
      ? `run ${id} is imported: give its sampling run (sample_...)`
      : `run ${id} has no shared sampling: its allocation needs none, or samples in rounds`,
  );
}

/** The structures of all that is asked for, the least predicted drop first. */
export async function explore(client: Client, sampling: Sampling, question: Question): Promise<Explored> {
  const { metric, share, ms } = question.target;
  const { device, limits, seed } = question;
  if (device !== undefined && !sampling.model) {
    throw new InputError('the model of the sampling was deleted: restore it');
  }
  const { found } = await client.ask(allocations, {
    ...{ samplingRun: sampling.id, limits, seed },
    target: { metric: enumOf(metric), ...(ms === undefined ? { share: share ?? null } : { ms }) },
    allocations: question.allocations && [...question.allocations],
    profile: device === undefined ? null : await profileOn(client, device, sampling.model?.id ?? ''),
  });
  if (!found) throw new InputError(`there is no sampling run ${sampling.id} any more`);
  // Beyond what was sampled no drop is known.
  const drop = (one: Explored['structures'][number]) => one.predictedDrop ?? Number.POSITIVE_INFINITY;
  return { ...found, structures: [...found.structures].sort((a, b) => drop(a) - drop(b)) };
}

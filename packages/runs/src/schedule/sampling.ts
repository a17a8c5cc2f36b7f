import type { EngineName } from '@espalier/engines';
import type { NetworkMetadata } from '@espalier/network';
import { samplingKey } from '@espalier/pipeline';
import { SAMPLING_BLOCK, samplingSeed } from '@espalier/pruning';
import { newId, type SamplingRun, type Transaction } from '@espalier/store';
import { stored } from '../columns.ts';
import type { ShardToSend } from '../queue/send.ts';
import { judgedBy, type RunSpec, sharesSampling } from './plan.ts';
import type { ExperimentContext } from './scheduling.ts';

const MOST_SHARDS = 8;

type Sampling = Pick<SamplingRun, 'id' | 'state'> & { readonly open: readonly ShardToSend[] };

type Sampled = Pick<RunSpec, 'allocation' | 'rounds' | 'seed'> & { readonly criterion: string };

/** The sampling runs that runs of an experiment use. */
export interface Samplings {
  /** undefined for one that uses none. */
  of(run: Sampled): Sampling | undefined;
  /** For the caller to send, after everything else. */
  readonly open: readonly ShardToSend[];
}

/** Found, tried again, or made: one for each criterion, and each seed of one that draws something. */
export async function samplingsFor(
  transaction: Transaction,
  experiment: ExperimentContext,
  runs: readonly Sampled[],
  engine: EngineName,
): Promise<Samplings> {
  const wantedBy = ({ criterion, seed }: Sampled) => {
    return { criterion, engine, seed: samplingSeed(criterion, seed, experiment.seed) };
  };
  const nameOf = ({ criterion, seed }: Wanted) => `${criterion} ${seed}`;
  const wanted = new Map(
    runs
      .filter(sharesSampling)
      .map(wantedBy)
      .map((each) => [nameOf(each), each]),
  );
  const samplings = new Map<string, Sampling>();
  // In one order everywhere: their keys are locked one after the other.
  for (const [name, each] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    samplings.set(name, await samplingFor(transaction, experiment, each));
  }
  return {
    of: (run) => (sharesSampling(run) ? samplings.get(nameOf(wantedBy(run))) : undefined),
    open: [...samplings.values()].flatMap(({ open }) => open),
  };
}

/** What of a sampling the experiment does not say. */
interface Wanted {
  readonly criterion: string;
  readonly engine: EngineName;
  /** Draws its images, and the units of a criterion that draws them. */
  readonly seed: number;
}

/** The sampling run with this key: the one that is there, tried again if it failed, or a new one with its shares. */
async function samplingFor(
  transaction: Transaction,
  experiment: ExperimentContext,
  { criterion, engine, seed }: Wanted,
): Promise<Sampling> {
  const { model, dataset, grid, samples, allowInexact } = experiment;
  const judged = judgedBy(experiment);
  const { networkHash } = model;
  // Of a model that was registered before its metadata was kept, the file decides them.
  const metadata =
    model.metadata === null ? { file: model.sha256 } : (model.metadata as unknown as NetworkMetadata);
  const { groups = [] } = stored('Model', 'summary', model.summary);
  const { hash: datasetHash } = dataset;
  // Of a project: who finds one done learns that somebody has this network and these images.
  const key = `${experiment.projectId} ${samplingKey(
    { networkHash, metadata, datasetHash },
    {
      ...{
        criterion,
        engine,
        grid,
        samples,
        skip: 0,
        seed,
        allowInexact,
        groups: groups.map(({ id }) => id),
      },
      ...judged,
    },
  )}`;
  const count = Math.max(1, Math.min(MOST_SHARDS, Math.floor(samples / SAMPLING_BLOCK)));
  // Two callers at a time: the second one waits here, and then finds what the first one made.
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
  // It cannot end, or fail, before the runs are there that wait for it.
  await transaction.$queryRaw`SELECT 1 FROM "SamplingRun" WHERE key = ${key} FOR UPDATE`;
  const found = await transaction.samplingRun.findUnique({ where: { key } });
  if (found && found.state !== 'failed') return { ...found, open: [] };
  const id = found?.id ?? newId('sample');
  if (found) {
    await transaction.samplingRun.update({ where: { id }, data: { state: 'waiting', error: null } });
    // Where all were there, it failed when they were put together: they are of no use.
    const left = await transaction.samplingShard.count({
      where: { samplingRunId: id, state: { not: 'done' } },
    });
    await transaction.samplingShard.updateMany({
      where: { samplingRunId: id, ...(left > 0 ? { state: { not: 'done' } } : {}) },
      data: { state: 'waiting', ...(left > 0 ? {} : { sha256: null, done: 0 }) },
    });
  } else {
    await transaction.samplingRun.create({
      data: {
        id,
        key,
        modelId: model.id,
        datasetId: dataset.id,
        ...{ networkHash, datasetHash, criterion, engine, grid, samples, seed, allowInexact },
        ...{ qualityMetric: judged.metric, outputWeights: judged.weights },
      },
    });
    await transaction.samplingShard.createMany({
      data: Array.from({ length: count }, (_, index) => ({ samplingRunId: id, index, count })),
    });
  }
  const open = await transaction.samplingShard.findMany({
    where: { samplingRunId: id, state: { not: 'done' } },
    orderBy: { index: 'asc' },
  });
  const { teamId } = experiment;
  return { id, state: 'waiting', open: open.map(({ index }) => ({ samplingRunId: id, index, teamId })) };
}

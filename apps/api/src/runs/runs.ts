import type { CostMetric } from '@espalier/network';
import { drawsBySeed, LEAST, limitsSchema } from '@espalier/pipeline';
import { planOf, type RunSpec, SCHEDULING, startRuns as start } from '@espalier/runs';
import type { Dataset, DatasetSplit, DeviceProfile, Experiment, Model, Run, RunEvent } from '@espalier/store';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, Int } from 'type-graphql';
import { authorOf } from '../access/author.ts';
import { ownItems } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { atInput, FieldError, NotFound, toldAt } from '../errors.ts';
import { checkedPlans, imagesOfSplits, subjectOf } from '../experiments/conditions.ts';
import { WidthLimitsInput } from '../experiments/limits-type.ts';
import { givenRecipe } from '../experiments/recipe-type.ts';
import { given } from '../given.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { keysetPage } from '../query/keyset.ts';
import { bytesOf, checkStorage } from '../quotas/quotas.ts';
import type { RunListArgs } from './run-filter.ts';
import { runSorting } from './run-order.ts';
import { runSource } from './run-source.ts';

const MOST_AT_ONCE = 500;

export function listRuns({ viewer, database }: Context, args: RunListArgs): Promise<Connection<Run>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(database.pool, args, runSource(self, args.filter ?? {}), runSorting(args.order));
}

/** Events of a run that the viewer may see, behind a number. */
export async function runEvents(
  context: Context,
  runId: string,
  afterSeq: number,
  most = 1000,
): Promise<RunEvent[]> {
  if (!(await findNode('run', context, runId))) return [];
  return context.database.prisma.runEvent.findMany({
    where: { runId, seq: { gt: afterSeq } },
    orderBy: { seq: 'asc' },
    take: most,
  });
}

/** What belongs to a run beside its target and seed. */
@InputType('StrategyInput')
export class StrategyInput {
  @Field(() => String, { defaultValue: 'cie' })
  allocation!: string;

  @Field(() => String, { defaultValue: 'l1' })
  criterion!: string;

  @Field(() => WidthLimitsInput, { nullable: true, description: "Null: the experiment's." })
  limits?: WidthLimitsInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of rounds; each samples and cuts the network of the round before. Null: all at once.',
  })
  rounds?: number | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'Trains between the rounds, by a recipe as `CreateExperimentInput` takes it; null: not at all.',
  })
  recovery?: object | null;
}

export interface StartInput {
  readonly experimentId: string;
  readonly strategies: readonly StrategyInput[];
  readonly targets: readonly GivenTarget[];
  readonly seeds: readonly number[];
  readonly priority?: number;
}

/** A share, or milliseconds of latency: as it came. */
interface GivenTarget {
  readonly metric: CostMetric;
  readonly share?: number | null | undefined;
  readonly ms?: number | null | undefined;
}

type CheckedExperiment = Experiment & {
  readonly model: Model;
  readonly profile: DeviceProfile | null;
  readonly dataset: Dataset & { readonly splits: readonly DatasetSplit[] };
};

/**
 * Every strategy with every target and, where chance plays a part, every seed; all of them checked before the first is
 * started.
 *
 * @returns beside the runs, in one line each, what was started once for all seeds
 */
export async function startRuns(
  context: Context,
  input: StartInput,
): Promise<{ runs: Run[]; notes: string[] }> {
  const editor = requireRole(context.viewer, 'editor');
  const { prisma } = context.database;
  const experiment = await prisma.experiment.findFirst({
    where: { id: input.experimentId, ...ownItems(editor), deletedAt: null },
    include: { model: true, profile: true, dataset: { include: { splits: true } } },
  });
  if (!experiment) throw new NotFound('there is no such experiment', 'experimentId');
  checkComputedHere(experiment);
  const { strategies, targets, seeds } = input;
  // Before they are built: three lists of some thousands are more runs than fit into memory.
  const count = strategies.length * targets.length * seeds.length;
  if (count === 0) throw new FieldError('give a strategy, a target and a seed', 'strategies');
  if (count > MOST_AT_ONCE) {
    throw new FieldError(`at most ${MOST_AT_ONCE} runs at once, these are ${count}`, 'strategies');
  }
  const resolved = await checkRuns(context, experiment, input);
  const [first = 0] = seeds;
  const images = imagesOfSplits(experiment.dataset.splits);
  const notes: string[] = [];
  const specs = strategies.flatMap((strategy) => {
    const isDrawn = drawsBySeed(planOf(experiment, runSpec(experiment, strategy, LEAST, first)), images);
    if (!isDrawn && seeds.length > 1) notes.push(onceWords(strategy, seeds.length));
    const own = isDrawn ? seeds : [first];
    return resolved.flatMap((target) => own.map((seed) => runSpec(experiment, strategy, target, seed)));
  });
  const { priority = 0 } = input;
  const runs = await prisma.$transaction(async (transaction) => {
    const wanted = count * (await bytesOf(transaction, experiment.model.sha256));
    await checkStorage(transaction, context.quotas, { teamId: editor.teamId, wanted, field: 'strategies' });
    const made = await start(transaction, context.queue, experiment, specs, {
      priority,
      author: authorOf(editor),
    });
    // The new runs hold its row: whoever deletes it now waits, and finds them under way.
    const living = { id: experiment.id, deletedAt: null, project: { deletedAt: null } };
    if ((await transaction.experiment.count({ where: living })) === 0) {
      throw new NotFound('there is no such experiment', 'experimentId');
    }
    await audit(transaction, editor, 'runs.start', experiment.id, { runs: made.map(({ id }) => id) });
    return made;
  }, SCHEDULING);
  return { runs, notes };
}

/** @throws {FieldError} for an experiment of imported results: its conditions are none that a worker has */
export function checkComputedHere({ origin, name }: Pick<Experiment, 'origin' | 'name'>): void {
  if (origin === 'espalier') return;
  throw new FieldError(
    `"${name}" has imported results: create a separate experiment for runs here`,
    'experimentId',
  );
}

function runSpec(
  experiment: Pick<Experiment, 'limits'>,
  { allocation, criterion, limits, rounds = null, recovery = null }: StrategyInput,
  { metric, share, ms }: GivenTarget,
  seed: number,
): RunSpec {
  const own = { ...(experiment.limits as object), ...given(limits) };
  return {
    allocation,
    criterion,
    target: { metric, share: share ?? undefined, ms },
    seed,
    limits: own,
    rounds,
    recovery: recovery && givenRecipe(recovery),
  };
}

/** "cie with l1 gives the same network with every seed: started once for each target, not 3 times" */
function onceWords({ allocation, criterion }: StrategyInput, seeds: number): string {
  return `${allocation} with ${criterion} gives the same network with every seed: started once for each target, not ${seeds} times`;
}

/**
 * @returns the targets, with the shares that milliseconds come to
 * @throws {FieldError} that names the first strategy, target or seed that cannot be
 */
async function checkRuns(
  context: Context,
  experiment: CheckedExperiment,
  { strategies, targets, seeds }: Pick<StartInput, 'strategies' | 'targets' | 'seeds'>,
): Promise<GivenTarget[]> {
  const checked = strategies.flatMap((strategy, s) =>
    targets.map((target, t) => {
      const at = `strategies.${s}`;
      const paths = {
        ...Object.fromEntries(OF_STRATEGIES.map((field) => [field, `${at}.${field}`])),
        ...(strategy.limits ? {} : ofTarget(`targets.${t}`)),
        ...OF_EXPERIMENT,
        target: `targets.${t}`,
      };
      const plans = seeds.map((seed, i) =>
        atInput({ ...paths, seed: `seeds.${i}` }, () =>
          planOf(experiment, runSpec(experiment, strategy, target, seed)),
        ),
      );
      // Whether it can be reached does not depend on the seed.
      return { paths: { ...paths, seed: 'seeds.0' }, plans: plans.slice(0, 1) };
    }),
  );
  const subject = subjectOf(experiment.model, experiment.dataset, experiment, experiment.profile);
  const plans = checked.flatMap((each) => each.plans);
  const { misfit, shares } = await checkedPlans(context, subject, plans);
  if (misfit) throw toldAt(checked[misfit.at]?.paths ?? {}, misfit.error);
  // What milliseconds come to depends on the network alone: the first strategy tells it for all.
  return targets.map((target, t) => ({ ...target, share: shares[t] ?? target.share }));
}

const OF_STRATEGIES = ['allocation', 'criterion', 'limits', 'rounds', 'recovery'];
/** Limits that a strategy does not have are its experiment's: of what can be changed here, it is the target. */
function ofTarget(path: string) {
  const names = Object.keys(limitsSchema.parse({}));
  return Object.fromEntries(names.map((name) => [`limits.${name}`, path]));
}

/** What an experiment fixes is wrong with the experiment. */
export const OF_EXPERIMENT = Object.fromEntries(
  ['sampling', 'metric', 'recipe', 'recalibrate', 'repair', 'dataset', 'model', 'profile'].map((field) => [
    field,
    'experimentId',
  ]),
);

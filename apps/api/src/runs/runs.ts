import type { Target } from '@espalier/pruning';
import { type RunSpec, startRuns as start } from '@espalier/runs';
import { Prisma, type Run, type RunEvent } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import type { Connection, PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { columnsOf } from '../query/sql.ts';
import { type RunFilter, runCondition } from './run-filter.ts';
import { type RunOrder, runSorting } from './run-order.ts';
import { RUN, RUN_TABLES } from './run-tables.ts';

const MOST_AT_ONCE = 500;

export function listRuns(
  { viewer, database }: Context,
  args: PageArgs,
  filter: RunFilter,
  order: RunOrder | null,
): Promise<Connection<Run>> {
  const { teamId } = requireRole(viewer, 'viewer');
  const source = {
    select: columnsOf('r', Object.keys(Prisma.RunScalarFieldEnum)),
    from: RUN_TABLES,
    where: runCondition(teamId, filter),
    id: RUN.id,
  };
  return keysetPage(database.pool, args, source, runSorting(order));
}

/** What is in the trash, or in something that is, is not there. */
const LIVING = { deletedAt: null, experiment: { deletedAt: null, project: { deletedAt: null } } } as const;

export async function findRun({ viewer, database }: Context, id: string): Promise<Run | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  return database.prisma.run.findFirst({ where: { id, teamId, ...LIVING } });
}

/** Events of a run that the viewer may see, behind a number. */
export async function runEvents(
  context: Context,
  runId: string,
  afterSeq: number,
  most = 1000,
): Promise<RunEvent[]> {
  if (!(await findRun(context, runId))) return [];
  return context.database.prisma.runEvent.findMany({
    where: { runId, seq: { gt: afterSeq } },
    orderBy: { seq: 'asc' },
    take: most,
  });
}

/** Every strategy with every target and every seed. */
export async function startRuns(
  context: Context,
  input: {
    readonly experimentId: string;
    readonly strategies: readonly { readonly allocation: string; readonly criterion: string }[];
    readonly targets: readonly Target[];
    readonly seeds: readonly number[];
    readonly priority?: number;
  },
): Promise<{ runs: Run[] }> {
  const editor = requireRole(context.viewer, 'editor');
  const { prisma } = context.database;
  const experiment = await prisma.experiment.findFirst({
    where: { id: input.experimentId, teamId: editor.teamId, deletedAt: null },
    include: { model: true, dataset: true },
  });
  if (!experiment) throw new FieldError('there is no such experiment', 'experimentId');
  const specs = input.strategies.flatMap(({ allocation, criterion }) =>
    input.targets.flatMap((target) =>
      input.seeds.map((seed): RunSpec => ({ allocation, criterion, target, seed })),
    ),
  );
  if (specs.length === 0) throw new FieldError('give a strategy, a target and a seed', 'strategies');
  if (specs.length > MOST_AT_ONCE) {
    throw new FieldError(`at most ${MOST_AT_ONCE} runs at once, these are ${specs.length}`, 'strategies');
  }
  const { priority = 0 } = input;
  const runs = await start(
    { prisma, queue: context.queue },
    experiment,
    specs,
    async (transaction, made) => {
      // The new runs hold its row: whoever deletes it now waits, and finds them under way.
      const living = { id: experiment.id, deletedAt: null, project: { deletedAt: null } };
      if ((await transaction.experiment.count({ where: living })) === 0) {
        throw new FieldError('there is no such experiment', 'experimentId');
      }
      await audit(transaction, editor, 'runs.start', experiment.id, { runs: made.map(({ id }) => id) });
    },
    { priority },
  );
  return { runs };
}

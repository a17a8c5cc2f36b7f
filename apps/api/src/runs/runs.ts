import type { Target } from '@espalier/pruning';
import type { Run, RunEvent, RunState } from '@espalier/store';
import { type RunSpec, startRuns as start } from '@espalier/worker';
import { audit } from '../audit.ts';
import { FieldError } from '../errors.ts';
import { type Connection, type PageArgs, page } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { requireRole } from '../people/viewer.ts';

const MOST_AT_ONCE = 500;

export interface RunFilter {
  readonly experimentId?: string | null | undefined;
  readonly states?: readonly RunState[] | null | undefined;
}

export function listRuns(
  { viewer, database }: Context,
  args: PageArgs,
  { experimentId, states }: RunFilter,
): Promise<Connection<Run>> {
  const { teamId } = requireRole(viewer, 'viewer');
  const where = {
    teamId,
    deletedAt: null,
    ...(experimentId ? { experimentId } : {}),
    ...(states ? { state: { in: [...states] } } : {}),
  };
  return page(
    args,
    (query) => database.prisma.run.findMany({ ...query, where: { ...where, ...query.where } }),
    () => database.prisma.run.count({ where }),
  );
}

export async function findRun({ viewer, database }: Context, id: string): Promise<Run | null> {
  const { teamId } = requireRole(viewer, 'viewer');
  return database.prisma.run.findFirst({ where: { id, teamId, deletedAt: null } });
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
    (transaction, made) =>
      audit(transaction, editor, 'runs.start', experiment.id, { runs: made.map(({ id }) => id) }),
    { priority },
  );
  return { runs };
}

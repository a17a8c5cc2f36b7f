import { cancelProfiling, type ProfilingMachine, profilingMachines, startProfiling } from '@espalier/runs';
import type { Profiling } from '@espalier/store';
import { requireRole } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { type ProfilingListArgs, profilingSorting } from './profiling-filter.ts';
import { profilingSource } from './profiling-source.ts';

export interface MeasureInput {
  readonly modelId: string;
  /** Neither: the device is called as the machine. */
  readonly deviceId: string | null;
  readonly deviceName: string | null;
  readonly machine: string | null;
  readonly threads: number | null;
  readonly batch: number;
  readonly structures: number;
}

export function listProfilings(
  { viewer, database }: Context,
  args: ProfilingListArgs,
): Promise<Connection<Profiling>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(
    database.pool,
    args,
    profilingSource(self, args.filter ?? {}),
    profilingSorting(args.order),
  );
}

/** Machines on which a profile can be measured at the moment. */
export function machines({ viewer, database }: Context): Promise<ProfilingMachine[]> {
  requireRole(viewer, 'viewer');
  return profilingMachines(database.prisma);
}

/** Has a worker measure a profile of a model on its machine. */
export async function measureProfile(context: Context, input: MeasureInput): Promise<Profiling> {
  const editor = requireRole(context.viewer, 'editor');
  const { database, queue, loaders } = context;
  const { modelId, deviceId, machine: host, ...rest } = input;
  if (deviceId !== null && input.deviceName !== null) {
    throw new FieldError('give the id of a device or a name, not both', 'deviceName');
  }
  const deviceName = input.deviceName === null ? null : checkedName(input.deviceName, 'deviceName');
  const model = await findNode('model', context, modelId);
  if (!model) throw new NotFound('there is no such model', 'modelId');
  const { groups } = (await loaders.summary.load(modelId)) ?? {};
  if (groups && groups.length > 0 && groups.every(({ reason }) => reason)) {
    throw new FieldError(`no group of "${model.name}" can be pruned: there is nothing to profile`, 'modelId');
  }
  if (deviceId !== null && !(await findNode('device', context, deviceId))) {
    throw new NotFound('there is no such device', 'deviceId');
  }
  const { teamId, userId: createdById } = editor;
  const request = { ...rest, modelId, deviceId, deviceName, host, teamId, createdById };
  return database.prisma.$transaction(async (transaction) => {
    const row = await startProfiling(transaction, queue, request);
    await audit(transaction, editor, 'profile.measure', row.id, { name: model.name });
    return row;
  });
}

/** Ends one that waits or is measured; what was measured is thrown away. */
export async function cancelMeasuring(context: Context, id: string): Promise<Profiling> {
  const editor = requireRole(context.viewer, 'editor');
  const found = await findNode('profiling', context, id);
  if (!found) throw new NotFound('there is no such measurement of a profile', 'id');
  return context.database.prisma.$transaction(async (transaction) => {
    if (!(await cancelProfiling(transaction, id))) {
      throw new Conflict('the measurement of this profile has already ended', 'id');
    }
    await audit(transaction, editor, 'profile.cancel', id);
    return transaction.profiling.findUniqueOrThrow({ where: { id } });
  });
}

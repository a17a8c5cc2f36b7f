import { InputError } from '@espalier/errors';
import type { DeviceProfile, Stair } from '@espalier/latency';
import {
  newId,
  type PrismaClient,
  type Profiling,
  type ProfilingState,
  type DeviceProfile as Row,
  type Transaction,
} from '@espalier/store';
import { findDevice, knownDevice, lockDevices, makeDevice } from '../devices/device.ts';
import { profileRow } from '../devices/profile-row.ts';
import { OVER } from '../life-cycle/life-cycle.ts';
import type { ProfilingJob } from '../queue/jobs.ts';
import type { Queue } from '../queue/queue.ts';
import { sendProfiling } from '../queue/send.ts';
import { living } from '../workers.ts';
import { LostClaim } from './claims.ts';

// Profiles that workers measure: waiting, clearing, measuring, and done, failed or cancelled. They are written here,
// and made and cancelled in schedule/profiling.ts.

/** States in which a machine does nothing else. */
export const PROFILING_LEASE: ProfilingState[] = ['clearing', 'measuring'];
/** States that are the end. */
export const PROFILING_OVER: ProfilingState[] = ['done', 'failed', 'cancelled'];

/** Takes one for a worker, from a dead one if need be; null if nothing is left to do. */
export function claimProfiling(
  prisma: PrismaClient,
  { profilingId: id, ticket }: Pick<ProfilingJob, 'profilingId' | 'ticket'>,
  workerId: string,
): Promise<Profiling | null> {
  return prisma.$transaction(async (transaction) => {
    const row = await lockedProfiling(transaction, id);
    if (!row || PROFILING_OVER.includes(row.state) || row.ticket !== ticket) return null;
    return transaction.profiling.update({
      where: { id },
      data: {
        ...{ state: 'clearing', workerId, claim: row.claim + 1, startedAt: row.startedAt ?? new Date() },
        ...{ done: 0, since: null, toldAt: null },
      },
    });
  });
}

/**
 * Changes one under its claim.
 *
 * @throws {LostClaim} if another worker has it by now, it is over, or it is gone
 */
export function writeProfiling<T>(
  prisma: PrismaClient,
  { id, claim }: Pick<Profiling, 'id' | 'claim'>,
  write: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return prisma.$transaction(async (transaction) => {
    const row = await lockedProfiling(transaction, id);
    if (row?.claim !== claim || PROFILING_OVER.includes(row.state)) {
      throw new LostClaim('another worker now measures this profile, or it has ended');
    }
    return write(transaction);
  });
}

/** That the machine is free by now. @throws {LostClaim} */
export async function beginMeasuring(prisma: PrismaClient, claim: Profiling): Promise<void> {
  await writeProfiling(prisma, claim, ({ profiling }) =>
    profiling.update({ where: { id: claim.id }, data: { state: 'measuring' } }),
  );
}

/**
 * Keeps a profile that was measured: of the device that was asked for, which is made if there is none.
 *
 * @param sha256 of its file, which is an artifact
 * @throws {InputError} where the device has other hardware, or went away
 */
export async function endProfiling(
  transaction: Transaction,
  claim: Profiling,
  { profile, stairs, sha256 }: { profile: DeviceProfile; stairs: readonly Stair[]; sha256: string },
): Promise<Row> {
  const { id, teamId, deviceId, deviceName: name, workerId, createdById } = claim;
  await lockDevices(transaction, teamId);
  const found = await findDevice(transaction, { teamId, id: deviceId, name });
  if (!found && deviceId !== null) {
    throw new InputError(`the device "${name}" was deleted meanwhile: restore it, or choose another one`);
  }
  const device = found
    ? await knownDevice(transaction, found, profile, 'the profile was measured on')
    : await makeDevice(transaction, { teamId, name }, profile);
  const row = await transaction.deviceProfile.create({
    data: {
      ...{ id: newId('profile'), teamId, deviceId: device.id, sha256, createdById, workerId },
      ...profileRow(profile, stairs),
    },
  });
  await transaction.profiling.update({
    where: { id },
    data: { state: 'done', profileId: row.id, deviceId: device.id, finishedAt: new Date() },
  });
  return row;
}

/** Bad input, or given up. Nothing is written of one that is over. */
export async function failProfiling(
  prisma: PrismaClient,
  { id, ticket }: Pick<Profiling, 'id' | 'ticket'>,
  error: string,
): Promise<void> {
  await prisma.profiling.updateMany({
    where: { id, ticket, state: { notIn: PROFILING_OVER } },
    data: { state: 'failed', error, finishedAt: new Date() },
  });
}

/** With a separate job: a worker that stops in order is no failed attempt. */
export async function giveBackProfiling(prisma: PrismaClient, queue: Queue, claim: Profiling): Promise<void> {
  await writeProfiling(prisma, claim, async (transaction) => {
    await transaction.profiling.update({
      where: { id: claim.id },
      data: { state: 'waiting', workerId: null },
    });
    await sendProfiling(transaction, queue, claim.id);
  });
}

/** Whether another worker of the machine has it for itself. */
export async function isLeased(
  { profiling }: Pick<PrismaClient, 'profiling'>,
  { host, workerId }: { readonly host: string; readonly workerId: string },
): Promise<boolean> {
  const found = await profiling.findFirst({
    where: { host, state: { in: PROFILING_LEASE }, workerId: { not: workerId } },
    select: { id: true },
  });
  return found !== null;
}

/** How many other workers of the machine are at something, or have not looked since the lease was written. */
export async function othersAtWork(
  {
    worker,
    run,
    samplingShard,
    recomputation,
  }: Pick<PrismaClient, 'worker' | 'run' | 'samplingShard' | 'recomputation'>,
  { host, workerId, since }: { readonly host: string; readonly workerId: string; readonly since: Date },
): Promise<number> {
  const others = await worker.findMany({
    where: { ...living(), host, id: { not: workerId } },
    select: { id: true, lastSeenAt: true },
  });
  if (others.length === 0) return 0;
  const ids = { in: others.map(({ id }) => id) };
  const running = { where: { workerId: ids, state: 'running' }, select: { workerId: true } } as const;
  const [runs, shards, recomputations] = await Promise.all([
    run.findMany({ where: { workerId: ids, state: { notIn: [...OVER] } }, select: { workerId: true } }),
    samplingShard.findMany(running),
    recomputation.findMany(running),
  ]);
  const busy = new Set([...runs, ...shards, ...recomputations].map((row) => row.workerId));
  return others.filter(({ id, lastSeenAt }) => busy.has(id) || lastSeenAt <= since).length;
}

async function lockedProfiling(transaction: Transaction, id: string): Promise<Profiling | null> {
  await transaction.$queryRaw`SELECT 1 FROM "Profiling" WHERE id = ${id} FOR UPDATE`;
  return transaction.profiling.findUnique({ where: { id } });
}

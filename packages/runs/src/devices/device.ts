import { InputError } from '@espalier/errors';
import type { Machine } from '@espalier/latency';
import { type Device, newId, type Transaction } from '@espalier/store';

/** Whose device is meant: one that there is, or one by its name. */
export interface WantedDevice {
  readonly teamId: string;
  readonly id: string | null;
  readonly name: string;
}

/** Held to the end of the transaction: of two that make a device of one name the second finds that of the first. */
export async function lockDevices(transaction: Transaction, teamId: string): Promise<void> {
  await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`devices/${teamId}`}, 0))`;
}

/** Null for one that is not there, or in the trash. */
export async function findDevice(
  transaction: Pick<Transaction, '$queryRaw' | 'device'>,
  { teamId, id, name }: WantedDevice,
): Promise<Device | null> {
  if (id !== null) return transaction.device.findFirst({ where: { id, teamId, deletedAt: null } });
  const [named] = await transaction.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Device" WHERE "teamId" = ${teamId} AND lower("name") = lower(${name}) AND "deletedAt" IS NULL`;
  return named ? transaction.device.findUnique({ where: { id: named.id } }) : null;
}

/** "4 cores of AMD EPYC (linux x64)". */
export function machineWords({ cpu, cores, platform }: Pick<Machine, 'cpu' | 'cores' | 'platform'>): string {
  return `${cores} cores of ${cpu} (${platform})`;
}

/**
 * Another machine's times are other times.
 *
 * @param measured in words: "the profile was measured on", "the machine pi-7 has"
 * @throws {InputError} where a device has other hardware
 */
export function checkHardware(
  device: Device,
  machine: Pick<Machine, 'cpu' | 'cores' | 'platform'>,
  measured: string,
): void {
  const [own, other] = [machineWords(device), machineWords(machine)];
  if (own === other) return;
  throw new InputError(
    `${measured} ${other}, and the device "${device.name}" has ${own}: give another device`,
    'device',
  );
}

/** A new device of a machine, with what its profile tells of it. */
export function makeDevice(
  transaction: Transaction,
  { teamId, name }: Pick<WantedDevice, 'teamId' | 'name'>,
  { cpu, cores, memory, platform }: Machine,
): Promise<Device> {
  const row = { id: newId('device'), teamId, name, cpu, cores, memoryBytes: memory ?? null, platform };
  return transaction.device.create({ data: row });
}

/** The device of a machine, with its memory where nobody had told it. @throws {InputError} for other hardware */
export async function knownDevice(
  transaction: Transaction,
  device: Device,
  machine: Machine,
  measured: string,
): Promise<Device> {
  checkHardware(device, machine, measured);
  if (device.memoryBytes !== null || machine.memory === undefined) return device;
  return transaction.device.update({ where: { id: device.id }, data: { memoryBytes: machine.memory } });
}

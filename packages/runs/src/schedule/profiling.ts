import { InputError } from '@espalier/errors';
import { type Device, newId, type Profiling, type Transaction } from '@espalier/store';
import { PROFILING_OVER } from '../claims/profilings.ts';
import { checkHardware, findDevice, machineWords } from '../devices/device.ts';
import { type ProfilingMachine, profilingMachines } from '../devices/machines.ts';
import { CANCEL_CHANNEL } from '../life-cycle/events.ts';
import type { Queue } from '../queue/queue.ts';
import { sendProfiling } from '../queue/send.ts';

/** Those of one team that may wait or be at work: each takes a machine for minutes. */
const MOST_UNDER_WAY = 20;
const MOST_BATCH = 1024;
const STRUCTURES = { fewest: 2, most: 1000 };

export interface ProfilingRequest {
  readonly teamId: string;
  readonly modelId: string;
  /** Of a device that there is; null for one by its name. */
  readonly deviceId: string | null;
  /** Null: as the machine is called. */
  readonly deviceName: string | null;
  /** The machine; null for the only one that it can be. */
  readonly host: string | null;
  /** Null: all cores of the machine. */
  readonly threads: number | null;
  readonly batch: number;
  readonly structures: number;
  readonly createdById: string;
}

/**
 * Has a worker measure a profile on its machine, which does nothing else meanwhile.
 *
 * @throws {InputError} where no worker can, several machines could, the device has other hardware, and for numbers that
 * make no sense; it names the field
 */
export async function startProfiling(
  transaction: Transaction,
  queue: Queue,
  request: ProfilingRequest,
): Promise<Profiling> {
  const { teamId, modelId, deviceId, host, batch, structures, createdById } = request;
  checkWhole('batch', batch, 1, MOST_BATCH, 'images a run');
  checkWhole('structures', structures, STRUCTURES.fewest, STRUCTURES.most, 'structures');
  const name = request.deviceName ?? host;
  const wanted = deviceId === null && name === null ? null : { teamId, id: deviceId, name: name ?? '' };
  const device = wanted && (await findDevice(transaction, wanted));
  if (!device && deviceId !== null) throw new InputError('there is no such device', 'deviceId');
  const machine = machineFor(await profilingMachines(transaction), host, device);
  // Called as its machine: known only now.
  const own = device ?? (await findDevice(transaction, { teamId, id: null, name: name ?? machine.host }));
  if (own) atDevice(deviceId, () => checkHardware(own, machine, `the machine "${machine.host}" has`));
  const threads = request.threads ?? machine.cores;
  checkWhole('threads', threads, 1, machine.cores, `threads: "${machine.host}" has ${machine.cores} cores`);
  const underWay = await transaction.profiling.count({
    where: { teamId, state: { notIn: PROFILING_OVER } },
  });
  if (underWay >= MOST_UNDER_WAY) {
    throw new InputError(
      `a team may have ${MOST_UNDER_WAY} profiles waiting or being measured: wait for some, or cancel some`,
    );
  }
  const id = newId('profiling');
  await transaction.profiling.create({
    data: {
      ...{ id, teamId, modelId, createdById, host: machine.host, threads, batch, structures },
      ...{ deviceId: own?.id ?? null, deviceName: own?.name ?? name ?? machine.host },
    },
  });
  await sendProfiling(transaction, queue, id);
  return transaction.profiling.findUniqueOrThrow({ where: { id } });
}

/**
 * Ends one: it stays so, and its worker stops when it hears of it.
 *
 * @returns false if it is over already
 */
export async function cancelProfiling(transaction: Transaction, id: string): Promise<boolean> {
  const { count } = await transaction.profiling.updateMany({
    where: { id, state: { notIn: PROFILING_OVER } },
    data: { state: 'cancelled', finishedAt: new Date() },
  });
  if (count > 0) await transaction.$executeRaw`SELECT pg_notify(${CANCEL_CHANNEL}, ${id})`;
  return count > 0;
}

/** @throws {InputError} if there is none, or more than one */
function machineFor(
  machines: readonly ProfilingMachine[],
  host: string | null,
  device: Device | null,
): ProfilingMachine {
  const names = (of: readonly ProfilingMachine[]) => of.map((one) => `"${one.host}"`).join(', ');
  if (machines.length === 0) {
    throw new InputError(
      'no worker can measure profiles now: start one on the target machine (espalier worker --engine onnxruntime)',
      'machine',
    );
  }
  if (host !== null) {
    const found = machines.find((one) => one.host === host);
    if (found) return found;
    throw new InputError(
      `no active worker on a machine "${host}": there are workers on ${names(machines)}`,
      'machine',
    );
  }
  const fit = device ? machines.filter((one) => machineWords(one) === machineWords(device)) : machines;
  const [only] = fit;
  if (!only) {
    throw new InputError(
      `no worker runs on a machine like the device "${device?.name}", which has ${device && machineWords(device)}: there are workers on ${names(machines)}`,
      'machine',
    );
  }
  if (fit.length > 1)
    throw new InputError(`there are workers on ${names(fit)}: choose one of these machines`, 'machine');
  return only;
}

function checkWhole(field: string, value: number, least: number, most: number, what: string): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InputError(`${value} ${what}: give a whole number from ${least} to ${most}`, field);
}

/** Errors of a device are about what named it. */
function atDevice(deviceId: string | null, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.message, deviceId === null ? 'deviceName' : 'deviceId');
  }
}

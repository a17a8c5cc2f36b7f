import { canonicalHash } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { checkMeasurements, type Measurements } from '@espalier/latency';
import { findDevice, knownDevice, lockDevices, makeDevice } from '@espalier/runs';
import { type Device, type Measurement, newId, type Transaction } from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { checkedName } from '../validation.ts';
import { type MeasurementListArgs, measurementSorting } from './measurement-filter.ts';
import { measurementSource } from './measurement-source.ts';

/** What was measured, of a device that there is or one of this name. */
export interface MeasurementsInput extends Omit<Measurements, 'format' | 'version' | 'device'> {
  readonly deviceId: string | null;
  readonly deviceName: string | null;
}

export function listMeasurements(
  { viewer, database }: Context,
  args: MeasurementListArgs,
): Promise<Connection<Measurement>> {
  const self = requireRole(viewer, 'viewer');
  const source = measurementSource(self, args.filter ?? {});
  return keysetPage(database.pool, args, source, measurementSorting(args.order));
}

/** Keeps what was measured, once: what is here already is answered as it is. */
export async function recordMeasurements(context: Context, input: MeasurementsInput): Promise<Measurement[]> {
  const editor = requireRole(context.viewer, 'editor');
  const { deviceId, deviceName, ...given } = input;
  if ((deviceId === null) === (deviceName === null)) {
    throw new FieldError('give either the id of a device or a name', 'deviceName');
  }
  const name = deviceName === null ? '' : checkedName(deviceName, 'deviceName');
  const found = checkMeasurements(
    { ...given, format: 'espalier-measurements', version: 1, device: name || 'known' },
    'the measurements',
  );
  const { device: _, ...content } = found;
  checkTime(found.measuredAt);
  const hash = canonicalHash(content);
  return context.database.prisma.$transaction(async (transaction) => {
    const { teamId } = editor;
    await lockDevices(transaction, teamId);
    const device = await deviceFor(transaction, editor, { id: deviceId, name }, found);
    const where = { teamId, hash };
    const [before] = await transaction.measurement.findMany({ where, include: { device: true }, take: 1 });
    if (!before) {
      await transaction.measurement.createMany({ data: rowsOf(found, { editor, device, hash }) });
      await audit(transaction, editor, 'measurement.record', device.id, { name: device.name });
    } else if (before.deviceId !== device.id) {
      throw new Conflict(
        `these measurements are here already, of the device "${before.device.name}"`,
        deviceId === null ? 'deviceName' : 'deviceId',
      );
    }
    return transaction.measurement.findMany({ where, orderBy: { place: 'asc' } });
  });
}

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2020-01-01T00:00:00Z');

function checkTime(measuredAt: string): void {
  const at = Date.parse(measuredAt);
  if (at >= FIRST && at <= Date.now() + DAY_MS) return;
  throw new FieldError(
    `give a time that has been, not ${measuredAt}: the device's clock may be wrong`,
    'measuredAt',
  );
}

function rowsOf(
  { engine, measuredAt, measurements }: Measurements,
  { editor, device, hash }: { readonly editor: Viewer; readonly device: Device; readonly hash: string },
) {
  const { teamId, userId: createdById } = editor;
  return measurements.map(({ comparedWith, speedup, check, ...measurement }, place) => ({
    ...{ id: newId('measurement'), teamId, deviceId: device.id, hash, place, createdById },
    ...{ engine: engine.name, engineVersion: engine.version, measuredAt: new Date(measuredAt) },
    ...measurement,
    ...{ comparedHash: comparedWith?.networkHash ?? null, comparedName: comparedWith?.networkName ?? null },
    ...{ ratio: speedup?.ratio ?? null, ratioLow: speedup?.low ?? null, ratioHigh: speedup?.high ?? null },
    ...{ checkRatio: check?.ratio ?? null, checkLow: check?.low ?? null, checkHigh: check?.high ?? null },
  }));
}

async function deviceFor(
  transaction: Transaction,
  editor: Viewer,
  { id, name }: { readonly id: string | null; readonly name: string },
  machine: Measurements,
): Promise<Device> {
  const { teamId } = editor;
  const found = await findDevice(transaction, { teamId, id, name });
  if (!found) {
    if (id !== null) throw new NotFound('there is no such device', 'deviceId');
    const made = await makeDevice(transaction, { teamId, name }, machine);
    await audit(transaction, editor, 'device.create', made.id, { name });
    return made;
  }
  try {
    return await knownDevice(transaction, found, machine, 'these were measured on');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new Conflict(error.message, id === null ? 'deviceName' : 'deviceId');
  }
}

import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import { type GivenFile, MODEL_EXTENSION } from '@espalier/formats';
import type { DeviceProfile as Profile } from '@espalier/latency';
import {
  findDevice,
  knownDevice,
  lockDevices,
  makeDevice,
  PROFILE_MEDIA_TYPE,
  profileRow,
  readAsOf,
} from '@espalier/runs';
import {
  type Device,
  type DeviceProfile,
  type Model,
  newId,
  newScratch,
  type Transaction,
} from '@espalier/store';
import { requireRole, type Viewer } from '../access/viewer.ts';
import { audit } from '../audit.ts';
import { Conflict, FieldError, NotFound } from '../errors.ts';
import { findUpload } from '../files/uploads.ts';
import type { Context, Services } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import type { Answers } from '../reading/task.ts';
import { checkedName } from '../validation.ts';

export interface ProfileInput {
  readonly uploadId: string;
  /** Neither: the device is called as the file says. */
  readonly deviceId: string | null;
  readonly deviceName: string | null;
  /** The network that it has to be of; null for any. */
  readonly modelId: string | null;
}

/** A profile's file is some kilobytes: nothing larger is fetched to be read. */
const MOST_BYTES = 2 ** 20;

/**
 * Reads an uploaded profile and keeps what is known of the device. What is here already is answered as it is, from
 * whatever file it came.
 */
export async function registerProfile(context: Context, input: ProfileInput): Promise<DeviceProfile> {
  const editor = requireRole(context.viewer, 'editor');
  const { database } = context;
  if (input.deviceId !== null && input.deviceName !== null) {
    throw new FieldError('give the id of a device or a name, not both', 'deviceName');
  }
  const name = input.deviceName === null ? null : checkedDeviceName(input.deviceName);
  const upload = await findUpload({ database }, editor, input.uploadId);
  if (!upload?.sha256 || !upload.artifact) {
    throw new NotFound('there is no such upload, or it is not complete', 'uploadId');
  }
  if (input.deviceId !== null && !(await findNode('device', context, input.deviceId))) {
    throw new NotFound('there is no such device', 'deviceId');
  }
  const model = input.modelId === null ? null : await findNode('model', context, input.modelId);
  if (input.modelId !== null && !model) throw new NotFound('there is no such model', 'modelId');
  if (upload.artifact.bytes > MOST_BYTES) {
    throw new FieldError(
      `${upload.fileName}: a profile has at most ${MOST_BYTES} bytes, this file has ${upload.artifact.bytes}`,
      'uploadId',
    );
  }
  const { sha256, fileName } = upload;
  const { profile, stairs } = await readProfileFile(context, editor, { sha256, fileName });
  if (model && model.networkHash !== profile.network.hash) {
    throw new FieldError(
      `the profile is of the network "${profile.network.name}", not of the model "${model.name}": profile that one`,
      'modelId',
    );
  }
  return database.prisma.$transaction(async (transaction) => {
    await lockDevices(transaction, editor.teamId);
    const known = await knownProfile(transaction, editor.teamId, sha256, profile);
    const wanted = { id: input.deviceId, name };
    if (known) {
      const { id } = checkedKnown(known, wanted);
      if (known.stairs !== null || stairs === null) return known;
      // Its network has come since.
      return transaction.deviceProfile.update({ where: { id }, data: profileRow(profile, stairs) });
    }
    const device = await deviceFor(transaction, editor, wanted, profile);
    await transaction.artifact.update({ where: { sha256 }, data: { mediaType: PROFILE_MEDIA_TYPE } });
    const id = newId('profile');
    const { teamId, userId: createdById } = editor;
    const row = await transaction.deviceProfile.create({
      data: { id, teamId, deviceId: device.id, sha256, createdById, ...profileRow(profile, stairs) },
    });
    await audit(transaction, editor, 'profile.register', id, { name: device.name, sha256 });
    return row;
  });
}

function checkedDeviceName(given: string): string {
  try {
    return checkedName(given);
  } catch (error) {
    throw error instanceof FieldError ? new FieldError(error.message, 'deviceName') : error;
  }
}

/** In a process that may break off, with the network beside it where the team has it. */
async function readProfileFile(
  { artifacts, reading, database }: Services,
  { teamId }: Viewer,
  { sha256, fileName }: { readonly sha256: string; readonly fileName: string },
): Promise<Answers['profile']> {
  const folder = await newScratch();
  // Errors name the file as the person did.
  const file = path.join(folder, path.basename(fileName).replaceAll(/[^\w.-]/g, '_') || 'profile.json');
  const beside = path.join(folder, 'network', `network${MODEL_EXTENSION}`);
  const layOut = async (from: string, to: string) => {
    const bytes = await artifacts.get(from);
    if (!bytes) throw new Error(`artifact ${from} is missing`);
    await pipeline(bytes, createWriteStream(to));
  };
  const read = (network: GivenFile | null) =>
    reading.read<'profile'>(teamId, async () => ({ kind: 'profile', file, network }));
  try {
    await layOut(sha256, file);
    const alone = await read(null);
    const networkHash = alone.profile.network.hash;
    const model: Pick<Model, 'sha256' | 'readAs'> | null = await database.prisma.model.findFirst({
      where: { teamId, networkHash, deletedAt: null },
      select: { sha256: true, readAs: true },
    });
    if (!model) return alone;
    await mkdir(path.dirname(beside));
    await layOut(model.sha256, beside);
    return await read({ ...readAsOf(model), file: beside });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new FieldError(error.message.replaceAll(`${folder}/`, ''), 'uploadId');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same bytes, or the same measurement in another file. */
function knownProfile(transaction: Transaction, teamId: string, sha256: string, profile: Profile) {
  const { network, engine, threads, batch, measuredAt, baseMs, cpu, cores, platform } = profile;
  const measured = {
    ...{
      networkHash: network.hash,
      engine: engine.name,
      engineVersion: engine.version,
      threads,
      batch,
      baseMs,
    },
    measuredAt: new Date(measuredAt),
    device: { cpu, cores, platform },
  };
  return transaction.deviceProfile.findFirst({
    where: { teamId, deletedAt: null, OR: [{ sha256 }, measured] },
    include: { device: true },
  });
}

interface Wanted {
  readonly id: string | null;
  readonly name: string | null;
}

const fieldOf = ({ id }: Wanted) => (id === null ? 'deviceName' : 'deviceId');

/** @throws {Conflict} where it is another device's, or that one is in the trash */
function checkedKnown(known: DeviceProfile & { readonly device: Device }, wanted: Wanted): DeviceProfile {
  const { name, deletedAt } = known.device;
  const isWanted =
    (wanted.id === null || wanted.id === known.deviceId) &&
    (wanted.name === null || wanted.name.toLowerCase() === name.toLowerCase());
  if (isWanted && deletedAt === null) return known;
  const where = deletedAt === null ? '' : ', which is in the trash: restore it, or purge it';
  throw new Conflict(`this profile is here already, of the device "${name}"${where}`, fieldOf(wanted));
}

/** The device that is meant; one that there is not is made. */
async function deviceFor(
  transaction: Transaction,
  editor: Viewer,
  wanted: Wanted,
  profile: Profile,
): Promise<Device> {
  const { teamId } = editor;
  const name = wanted.name ?? checkedName(profile.device);
  const found = await findDevice(transaction, { teamId, id: wanted.id, name });
  if (!found) {
    if (wanted.id !== null) throw new NotFound('there is no such device', 'deviceId');
    const made = await makeDevice(transaction, { teamId, name }, profile);
    await audit(transaction, editor, 'device.create', made.id, { name });
    return made;
  }
  try {
    return await knownDevice(transaction, found, profile, 'the profile was measured on');
  } catch (error) {
    throw error instanceof InputError ? new Conflict(error.message, fieldOf(wanted)) : error;
  }
}

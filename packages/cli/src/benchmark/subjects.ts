import type { Benchmark, BenchmarkModel } from '@espalier/benchmark';
import { InputError } from '@espalier/errors';
import { checkProfile, identityOf, type ProfileIdentity, readProfile } from '@espalier/latency';
import { type Network, networkCost, networkHash } from '@espalier/network';
import { fitToData, type Identity, type Observer, readModel } from '@espalier/pipeline';
import { openData, terminalObserver } from '../computing.ts';
import type { Context } from '../terminal.ts';

/** A model of a benchmark, read and found to fit the data. */
export interface Subject extends BenchmarkModel {
  readonly params: number;
  /** Of one image. */
  readonly macs: number;
  readonly identity: Identity;
  /** That its profile is; undefined without one. */
  readonly device: ProfileIdentity | undefined;
}

export interface Subjects {
  readonly models: ReadonlyMap<string, Subject>;
  readonly testImages: number;
  readonly trainImages: number;
}

/**
 * Reads every model and opens the data before anything is computed.
 *
 * @throws {InputError} for a file that is not there or not a network, and images that do not fit
 */
export async function openSubjects(
  { models, dataset: spec, sections }: Benchmark,
  context: Context,
): Promise<Subjects> {
  const observer = terminalObserver(context);
  const dataset = await openData({ dataset: spec }, context, observer);
  try {
    const read = new Map<string, Subject>();
    const isTimed = sections.some(({ targets }) => targets.some(({ metric }) => metric === 'latency'));
    for (const { name, file, profile } of models) {
      const network = fitToData(await readNamed({ name, file }, observer), dataset, observer);
      const { metadata = null } = network;
      const identity = {
        ...{ networkHash: networkHash(network), metadata, datasetHash: dataset.hash },
        ...(network.stored ? { stored: Object.fromEntries(network.stored) } : {}),
      };
      const device = await deviceOf({ name, profile }, network, isTimed);
      checkDevices(name, device, sections);
      read.set(name, { name, file, profile, ...networkCost(network), identity, device });
    }
    const { test, train } = dataset.splits;
    return { models: read, testImages: test.n, trainImages: train.n };
  } finally {
    await dataset.close();
  }
}

/** @throws {InputError} for a profile of another network, and without one where it is needed */
async function deviceOf(
  { name, profile }: Pick<BenchmarkModel, 'name' | 'profile'>,
  network: Network,
  isTimed: boolean,
): Promise<ProfileIdentity | undefined> {
  if (profile !== undefined) {
    const read = await readProfile(profile);
    checkProfile(read, network);
    return identityOf(read);
  }
  if (!isTimed) return undefined;
  throw new InputError(
    `model ${name}: latency targets need a device profile: make one (espalier profile MODEL --out device.json) and pass it with --profile ${name}=device.json`,
    'profile',
  );
}

/** A file that names devices means them: another machine's times are other times. */
function checkDevices(
  name: string,
  profiled: ProfileIdentity | undefined,
  sections: Benchmark['sections'],
): void {
  for (const { title, device } of sections) {
    if (device === null || profiled?.device.toLowerCase() === device.toLowerCase()) continue;
    const found = profiled === undefined ? 'has no profile' : `has a profile of "${profiled.device}"`;
    throw new InputError(
      `section "${title}" uses the device "${device}", but model ${name} ${found}: pass one of that device with --profile ${name}=device.json, or remove "device" from the section`,
      'profile',
    );
  }
}

async function readNamed({ name, file }: Pick<BenchmarkModel, 'name' | 'file'>, observer: Observer) {
  try {
    return await readModel({ file, name }, observer);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `model ${name}: ${error.message}; give its path with --model ${name}=FILE, or select other models with --only`,
    );
  }
}

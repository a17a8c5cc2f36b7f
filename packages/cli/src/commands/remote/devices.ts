import { readFile } from 'node:fs/promises';
import { graphql, type ResultOf } from '@espalier/client';
import { InputError } from '@espalier/errors';
import { type Measurements, readMeasurements, readProfile } from '@espalier/latency';
import type { Command } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { download } from '../../remote/download.ts';
import { openClient } from '../../remote/login.ts';
import {
  cancelProfiling,
  expectMeasured,
  measureOnWorker,
  profilingText,
  watchProfiling,
} from '../../remote/profiling.ts';
import { pushedMeasurementsText, pushMeasurements } from '../../remote/push-measurements.ts';
import { pushedText, pushProfile } from '../../remote/push-profile.ts';
import { onStdout } from '../../render/colour.ts';
import { left, listing, right } from '../../render/table.ts';
import { fileSize, milliseconds, percent } from '../../render/units.ts';
import { checkOutputs } from '../../stages/output.ts';
import type { Context } from '../../terminal.ts';

const deviceProfiles = graphql(`
  query DeviceProfiles($after: String) {
    page: deviceProfiles(first: 100, after: $after) {
      nodes { id networkName networkHash engine engineVersion threads batch baseMs smallestMs errorMedian errorWorst
        measuredAt sha256 differences device { id name cpu cores platform } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const profileFile = graphql(`
  query ProfileFile($id: ID!) { deviceProfile(id: $id) { id sha256 downloadUrl } }
`);

type Profile = ResultOf<typeof deviceProfiles>['page']['nodes'][number];

const HELP = `
A profile has the measurements of espalier profile on a device; everybody in the team can use it to prune to that
device's milliseconds anywhere. The same profile is kept once. A worker on the device can measure it: it finishes its
current job first, and takes no other meanwhile.

Examples:
  espalier devices list
  espalier devices add device.json --name "Raspberry Pi 5"
  espalier devices download profile_01j... --out device.json
  espalier devices measure model_01j... --machine pi-7 --name "Raspberry Pi 5" --threads 4`;

export function registerDevices(program: Command, context: Context): void {
  const devices = program
    .command('devices')
    .summary("list a team's devices, add and download their profiles");
  devices.description('Devices of a team, and the latency of networks on them.').addHelpText('after', HELP);
  withJson(devices.command('list').description('Every profile, with its device.')).action(list);
  withJson(
    devices
      .command('add')
      .argument('<file>', 'a file of espalier profile or espalier measure --out')
      .description('Sends a profile or measurements to the platform; a new device is created.')
      .option('--name <name>', 'of the device (default: the one in the file)'),
  ).action(async (file: string, { name, ...options }: JsonOption & { readonly name?: string }) => {
    // What cannot be used is not sent.
    const measurements = await measurementsIn(file);
    if (!measurements) await readProfile(file);
    const client = await openClient();
    if (measurements) {
      const pushed = await pushMeasurements(client, measurements, name ?? null);
      return show(pushed, options, pushedMeasurementsText);
    }
    show(await pushProfile(client, file, name ?? null, context), options, pushedText);
  });
  withJson(
    devices
      .command('download')
      .argument('<id>', 'profile_...')
      .description('Downloads a profile, checks it, and writes it whole or not at all.')
      .requiredOption('--out <file>', 'where to write it (JSON)'),
  ).action(async (id: string, { out, ...options }: JsonOption & { readonly out: string }) => {
    await checkOutputs({ '--out': out }, []);
    const client = await openClient();
    const { deviceProfile } = await client.ask(profileFile, { id });
    if (!deviceProfile) throw new InputError(`there is no profile ${id}`);
    const written = await download(
      client,
      { ...deviceProfile, what: `the profile ${id}` },
      out,
      context.terminal,
    );
    show(written, options, ({ file, bytes }) => `${file}: ${fileSize(bytes)}`);
  });
  registerMeasuring(devices, context);
}

interface MeasureOptions extends JsonOption {
  readonly machine?: string;
  readonly name?: string;
  readonly threads?: number;
  readonly batch: number;
  readonly structures: number;
  readonly detach?: boolean;
}

function registerMeasuring(devices: Command, context: Context): void {
  withJson(
    devices
      .command('measure')
      .argument('<model>', 'model_...')
      .description('Has a worker measure a profile of a model on its machine, and shows the progress.')
      .option('--machine <host>', 'whose worker measures (default: the only one that can)')
      .option('--name <name>', "of the device (default: the machine's name)")
      .option('--threads <n>', 'cores to use (default: all of the machine)', wholeNumber(1))
      .option('--batch <n>', 'images a run', wholeNumber(1), 1)
      .option('--structures <n>', 'structures to measure', wholeNumber(2), 40)
      .option('--detach', 'start it without waiting'),
  ).action(async (modelId: string, { name, detach = false, json, ...options }: MeasureOptions) => {
    const client = await openClient();
    const begun = await measureOnWorker(client, { modelId, deviceName: name ?? null, ...options });
    const found = detach ? begun : await watchProfiling(client, begun, context);
    if (!detach) expectMeasured(found);
    show(found, { json }, profilingText);
  });
  withJson(
    devices
      .command('cancel')
      .argument('<id>', 'profiling_...')
      .description('Cancels the measurement of a profile and discards it.'),
  ).action(async (id: string, options: JsonOption) => {
    show(await cancelProfiling(await openClient(), id), options, profilingText);
  });
}

/** Null for a file that is something else. @throws {InputError} for measurements that are broken */
async function measurementsIn(file: string): Promise<Measurements | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /"format":\s*"espalier-measurements"/.test(text) ? readMeasurements(file) : null;
}

async function list(options: JsonOption): Promise<void> {
  const client = await openClient();
  show<readonly Profile[]>(await client.all(deviceProfiles, {}), options, profileTable);
}

function profileTable(profiles: readonly Profile[]): string {
  if (profiles.length === 0) return 'no profiles; espalier profile MODEL --out device.json --upload adds one';
  const table = listing(profiles, [
    left('device', ({ device }) => device.name),
    left('network', ({ networkName }) => networkName),
    left('engine', ({ engine, engineVersion }) => `${engine.toLowerCase()} ${engineVersion}`),
    right('threads', ({ threads }) => String(threads)),
    right('images', ({ batch }) => String(batch)),
    right('as given', ({ baseMs }) => milliseconds(baseMs)),
    right('smallest', ({ smallestMs }) => milliseconds(smallestMs)),
    right('error', ({ errorMedian }) => percent(errorMedian, 1000)),
    right('worst', ({ errorWorst }) => percent(errorWorst, 1000)),
    left('measured', ({ measuredAt }) => measuredAt.slice(0, 10)),
    left('profile', ({ id }) => id),
  ]);
  const elsewhere = profiles.filter(({ differences }) => differences !== null && differences.length > 0);
  return [
    table,
    ...elsewhere.map(({ id, differences }) =>
      onStdout.dim(
        `${id} was made ${differences?.join(', ')}: on the current workers it only predicts latency, nothing is measured`,
      ),
    ),
  ].join('\n');
}

import { InputError } from '@espalier/errors';
import { readProfile } from '@espalier/latency';
import type { Command } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, withJson } from '../../options.ts';
import { openClient } from '../../remote/client.ts';
import { download } from '../../remote/download.ts';
import { graphql, type ResultOf } from '../../remote/graphql.ts';
import { pushedText, pushProfile } from '../../remote/push-profile.ts';
import { left, listing, right } from '../../render/table.ts';
import { fileSize, milliseconds, percent } from '../../render/units.ts';
import { checkOutputs } from '../../stages/output.ts';
import type { Context } from '../../terminal.ts';

const deviceProfiles = graphql(`
  query DeviceProfiles($after: String) {
    page: deviceProfiles(first: 100, after: $after) {
      nodes { id networkName networkHash engine engineVersion threads batch baseMs smallestMs errorMedian errorWorst
        measuredAt sha256 device { id name cpu cores platform } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

const profileFile = graphql(`
  query ProfileFile($id: ID!) { deviceProfile(id: $id) { id sha256 downloadUrl } }
`);

type Profile = ResultOf<typeof deviceProfiles>['page']['nodes'][number];

const HELP = `
A profile is what espalier profile measured on the device that counts; whoever is in the team takes it from here, and
prunes to that device's milliseconds anywhere. The same profile is kept once.

Examples:
  espalier devices list
  espalier devices add device.json --name "Raspberry Pi 5"
  espalier devices download profile_01j... --out device.json`;

export function registerDevices(program: Command, context: Context): void {
  const devices = program.command('devices').summary("list a team's devices, add and fetch their profiles");
  devices.description('Devices of a team, and what networks take on them.').addHelpText('after', HELP);
  withJson(devices.command('list').description('Every profile, with its device.')).action(list);
  withJson(
    devices
      .command('add')
      .argument('<file>', 'as espalier profile writes it')
      .description('Brings a profile to the platform; a device that is not there yet is made.')
      .option('--name <name>', 'of the device (default: the one in the file)'),
  ).action(async (file: string, { name, ...options }: JsonOption & { readonly name?: string }) => {
    // What cannot be used is not sent.
    await readProfile(file);
    const client = await openClient();
    show(await pushProfile(client, file, name ?? null, context), options, pushedText);
  });
  withJson(
    devices
      .command('download')
      .argument('<id>', 'profile_...')
      .description('Fetches a profile, whole and checked, or not at all.')
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
}

async function list(options: JsonOption): Promise<void> {
  const client = await openClient();
  show<readonly Profile[]>(await client.all(deviceProfiles, {}), options, profileTable);
}

function profileTable(profiles: readonly Profile[]): string {
  if (profiles.length === 0) return 'no profiles; espalier profile MODEL --out device.json --upload adds one';
  return listing(profiles, [
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
}

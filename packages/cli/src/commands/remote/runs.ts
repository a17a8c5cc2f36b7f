import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/network';
import { type Command, Option } from 'commander';
import { printJson } from '../../json.ts';
import { type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { openClient } from '../../remote/client.ts';
import { reason } from '../../remote/upload.ts';
import { table } from '../../render/table.ts';
import { magnitude, milliseconds, percent, UNKNOWN } from '../../render/units.ts';
import { checkOutputs } from '../../stages/output.ts';
import { print } from '../../terminal.ts';

interface Run {
  readonly id: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly seed: number;
  readonly state: string;
  readonly error: string | null;
  readonly result: {
    readonly top1: number | null;
    readonly prunedTop1: number | null;
    readonly params: number;
    readonly macs: number;
    readonly latencyMs: number | null;
    readonly downloadUrl: string;
  } | null;
}

const FIELDS =
  'id allocation criterion metric share seed state error result { top1 prunedTop1 params macs latencyMs downloadUrl }';

export function registerRuns(program: Command): void {
  const runs = program.command('runs').summary('list, show, cancel and download runs');
  runs.description('Runs of a platform.');
  withJson(
    runs
      .command('list')
      .description('The newest runs.')
      .option('--experiment <id>', 'of this experiment only')
      .addOption(new Option('--state <state>', 'in this state only'))
      .option('--first <n>', 'how many, at most 100', wholeNumber(1), 20),
  ).action(async (options: JsonOption & { experiment?: string; state?: string; first: number }) => {
    const client = await openClient();
    const { runs: page } = await client.ask<{ runs: { nodes: Run[] } }>(
      `query ($first: Int!, $experimentId: ID, $states: [RunState!]) {
        runs(first: $first, experimentId: $experimentId, states: $states) { nodes { ${FIELDS} } }
      }`,
      {
        first: options.first,
        experimentId: options.experiment ?? null,
        states: options.state === undefined ? null : [options.state],
      },
    );
    if (options.json) printJson(page.nodes);
    else print(runTable(page.nodes));
  });
  withJson(runs.command('show').argument('<id>', 'run_...').description('One run.')).action(
    async (id: string, options: JsonOption) => {
      const run = await findRun(id);
      if (options.json) printJson(run);
      else print(`${runTable([run])}${run.error ? `\n${run.error}` : ''}`);
    },
  );
  runs
    .command('cancel')
    .argument('<id>', 'run_...')
    .description('Ends a run that waits or is at work.')
    .action(async (id: string) => {
      const client = await openClient();
      await client.change(
        'mutation ($id: ID!) { cancelRun(id: $id) { ok error { message } run { id } } }',
        'run',
        { id },
      );
      print(`${id} is being cancelled`);
    });
  runs
    .command('download')
    .argument('<id>', 'run_...')
    .description('Fetches the pruned network of a run.')
    .requiredOption('--out <file>', 'where it goes (.onnx)')
    .action(async (id: string, { out }: { readonly out: string }) => {
      await checkOutputs([{ option: '--out', file: out }], []);
      const { result, state } = await findRun(id);
      if (!result) throw new InputError(`run ${id} has no network yet: it is ${state}`);
      await download(result.downloadUrl, out);
      print(`written to ${out}`);
    });
}

async function findRun(id: string): Promise<Run> {
  const client = await openClient();
  const { run } = await client.ask<{ run: Run | null }>(`query ($id: ID!) { run(id: $id) { ${FIELDS} } }`, {
    id,
  });
  if (!run) throw new InputError(`there is no run ${id}`);
  return run;
}

async function download(url: string, out: string): Promise<void> {
  const client = await openClient();
  const response = await client.fetch(url);
  if (!response.ok || !response.body) throw new InputError(`cannot download it: ${await reason(response)}`);
  const unfinished = `${out}.${process.pid}.tmp`;
  try {
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(unfinished));
    await rename(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
}

export function runTable(runs: readonly Run[]): string {
  if (runs.length === 0) return 'no runs';
  return table(
    [
      { title: 'run' },
      { title: 'strategy' },
      { title: 'target' },
      { title: 'seed', align: 'right' },
      { title: 'state' },
      { title: 'top-1', align: 'right' },
      { title: 'as cut', align: 'right' },
      { title: 'params', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'latency', align: 'right' },
    ],
    runs.map(({ id, allocation, criterion, metric, share, seed, state, result }) => [
      id,
      `${allocation} ${criterion}`,
      `${metric} −${percent(share)}`,
      String(seed),
      state,
      ...(result
        ? [
            percent(result.top1),
            percent(result.prunedTop1),
            magnitude(result.params),
            magnitude(result.macs),
            result.latencyMs === null ? UNKNOWN : milliseconds(result.latencyMs),
          ]
        : ['', '', '', '', '']),
    ]),
  );
}

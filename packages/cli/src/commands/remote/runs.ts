import { graphql } from '@espalier/client';
import { InputError } from '@espalier/errors';
import { type Command, Option } from 'commander';
import { show } from '../../json.ts';
import { fraction, type JsonOption, wholeNumber, withJson } from '../../options.ts';
import { compareRuns } from '../../remote/comparison.ts';
import { checkEnding, downloadNetwork } from '../../remote/download.ts';
import { enumOf, wordOf } from '../../remote/enum-words.ts';
import { type ExportOptions, sendExport, withExport } from '../../remote/export.ts';
import { openClient } from '../../remote/login.ts';
import { cancelRecomputing, recompute, recomputedText } from '../../remote/recompute.ts';
import { findRun, type Run, runFields, runOf, runTable } from '../../remote/runs.ts';
import { expectFinished, watchRuns } from '../../remote/watch.ts';
import { comparisonText } from '../../render/comparison.ts';
import { checkOutputs } from '../../stages/output.ts';
import type { Context } from '../../terminal.ts';

const runList = graphql(
  `
    query RunList($first: Int!, $filter: RunFilter!, $order: RunOrder!) {
      runs(first: $first, filter: $filter, order: $order) { nodes { ...RunFields } }
    }
  `,
  [runFields],
);

const cancelRuns = graphql(`
  mutation CancelRuns($input: CancelRunsInput!) {
    payload: cancelRuns(input: $input) { ok errors { message path } made: runs { id state } }
  }
`);

const retryRuns = graphql(`
  mutation RetryRuns($input: RetryRunsInput!) {
    payload: retryRuns(input: $input) { ok errors { message path } made: runs { id state } }
  }
`);

interface ListOptions extends JsonOption, ExportOptions {
  readonly experiment?: string;
  readonly state?: Run['state'];
  readonly origin?: keyof typeof ORIGINS;
  readonly evidence?: keyof typeof EVIDENCE;
  readonly import?: string;
  readonly first: number;
  readonly order: string;
  readonly maxDrop?: number;
}

const ORIGINS = { espalier: 'ESPALIER', external: 'EXTERNAL' } as const;
const EVIDENCE = {
  reported: 'REPORTED',
  'structure-verified': 'STRUCTURE_VERIFIED',
  recomputed: 'RECOMPUTED',
} as const;

/** What runs are ordered by: the largest first, with - in front the smallest. */
const ORDERS = {
  created: 'CREATED',
  finished: 'FINISHED',
  value: 'VALUE',
  top1: 'TOP1',
  drop: 'DROP',
  loss: 'LOSS',
  macs: 'MACS',
  params: 'PARAMS',
  latency: 'LATENCY',
  throughput: 'THROUGHPUT',
  'ratio.macs': 'RATIO_MACS',
  'ratio.params': 'RATIO_PARAMS',
  'ratio.bytes': 'RATIO_BYTES',
  'ratio.latency': 'RATIO_LATENCY',
  'ratio.throughput': 'RATIO_THROUGHPUT',
  predicted: 'PREDICTED',
  measured: 'MEASURED',
  'ratio.predicted': 'RATIO_PREDICTED',
  'ratio.measured': 'RATIO_MEASURED',
} as const;
const ORDER_NAMES = Object.keys(ORDERS);

const HELP = `
Examples:
  espalier runs list --state finished              the newest ones with their results
  espalier runs list --order ratio.macs --max-drop 0.01
  espalier runs watch run_01j...                   until it is over; exit code 1 if it has no result
  espalier runs compare run_01j... run_01k...      whether they are comparable, and how they differ
  espalier runs list --experiment exp_01j... --state finished --latex > table.tex
  espalier runs retry run_01j...                   one that failed or was cancelled
  espalier runs recompute run_01j... --images 2000  an imported run, on test images of the platform
  espalier runs download run_01j... --out half.onnx
  espalier runs download run_01j... --repaired     the network before its training`;

export function registerRuns(program: Command, context: Context): void {
  const runs = program
    .command('runs')
    .summary('list, show, watch, compare, cancel, retry, recompute and download runs');
  runs.description('Runs of a platform.').addHelpText('after', HELP);
  withTables(
    runs
      .command('list')
      .description('The newest runs; --csv, --ndjson, --markdown and --latex write all that match.')
      .option('--experiment <id>', 'only of this experiment')
      .addOption(new Option('--state <state>', 'only in this state: queued, sampling, ... finished, failed'))
      .addOption(
        new Option('--origin <name>', 'who computed it; external: imported runs').choices(
          Object.keys(ORIGINS),
        ),
      )
      .addOption(
        new Option('--evidence <name>', 'the evidence of imported runs').choices(Object.keys(EVIDENCE)),
      )
      .option('--import <id>', 'only of this import')
      .option('--first <n>', 'number of entries, up to 100', wholeNumber(1), 20)
      .addOption(
        new Option(
          '--order <key>',
          `largest first, or with - before it smallest first: ${ORDER_NAMES.join(', ')}`,
        )
          .choices([...ORDER_NAMES, ...ORDER_NAMES.map((name) => `-${name}`)])
          .default('created'),
      )
      .option('--max-drop <share>', 'upper limit for the loss of top-1: 0.01 is one point', fraction),
  ).action(list);
  withJson(one(runs, 'show', 'Shows a run, and the reason if it failed.')).action(
    async (id: string, options: JsonOption) => {
      const found = await findRun(await openClient(), id);
      show(found, options, (run) => `${runTable([run])}${run.error ? `\n${run.error}` : ''}`);
    },
  );
  withJson(one(runs, 'watch', 'Follows a run until it ends; exit code 1 unless it finishes.')).action(
    async (id: string, options: JsonOption) => {
      const client = await openClient();
      const done = await watchRuns(client, async () => [await findRun(client, id)], context);
      show(done[0], options, () => runTable(done));
      expectFinished(done);
    },
  );
  withTables(
    runs
      .command('compare')
      .argument('<runs...>', 'run_... run_...')
      .description(
        'Says whether runs are comparable and why not, ranks their strategies and compares each pair; as a table only the ranks.',
      ),
  ).action(async (ids: string[], options: JsonOption & ExportOptions) => {
    const client = await openClient();
    if (await sendExport(client, 'strategies', options, { filter: { id: { in: ids } } })) return;
    show(await compareRuns(client, ids), options, comparisonText);
  });
  withJson(one(runs, 'cancel', 'Cancels a waiting or active run.')).action(
    change(cancelRuns, 'is being cancelled', 'the run has already ended'),
  );
  withJson(one(runs, 'retry', 'Queues a failed or cancelled run again.')).action(
    change(retryRuns, 'is in the queue again', 'only a failed or cancelled run can be retried'),
  );
  withJson(
    one(runs, 'recompute', 'Has a worker evaluate the network of an imported run again, and waits for it.'),
  )
    .option('--images <n>', 'random images of the test split (default: all)', wholeNumber(1))
    .option('--cancel', 'cancel the current evaluation')
    .action(async (id: string, { images, cancel = false, ...options }: RecomputeOptions) => {
      const client = await openClient();
      if (cancel) {
        show(await cancelRecomputing(client, id), options, () => `${id} is not being evaluated again`);
        return;
      }
      show(await recompute(client, { id, images }, context), options, recomputedText);
    });
  withJson(
    one(
      runs,
      'download',
      'Downloads the pruned network of a run, checks it, and writes it whole or not at all.',
    ),
  )
    .option(
      '--out <file>',
      'the file to write (.onnx, or .zip for TensorFlow.js, in the format of the model; default: named after model, strategy, target, seed and run)',
    )
    .option('--repaired', 'the repaired network, before training')
    .action(async (id: string, { out: given, repaired = false, ...options }: DownloadOptions) => {
      if (given !== undefined) await checkOutputs({ '--out': given });
      const client = await openClient();
      const run = await findRun(client, id);
      const extension = repaired ? '.onnx' : (run.result?.extension ?? '.onnx');
      if (given !== undefined) checkEnding(given, extension);
      const out = given ?? `${usualName(run)}${repaired ? '-repaired' : ''}${extension}`;
      if (given === undefined) await checkOutputs({ '--out': out });
      const written = await downloadNetwork(client, run, out, context.terminal, repaired);
      show(written, options, () => `written to ${out}`);
    });
}

interface RecomputeOptions extends JsonOption {
  readonly images?: number;
  readonly cancel?: boolean;
}

interface DownloadOptions extends JsonOption {
  readonly out?: string;
  readonly repaired?: boolean;
}

/** As a browser would save it: letters, digits, dots and dashes alone. */
function usualName({ id, result }: Run): string {
  const url = result?.downloadUrl;
  const name = url && new URL(url, 'http://localhost').searchParams.get('name');
  return name && /^[\w][\w.-]*$/.test(name) ? name : id;
}

function withTables(command: Command): Command {
  return withExport(withJson(command));
}

function one(runs: Command, name: string, description: string): Command {
  return runs.command(name).argument('<id>', 'run_...').description(description);
}

async function list({
  first,
  experiment,
  state,
  origin,
  evidence,
  import: importId,
  order,
  maxDrop,
  ...options
}: ListOptions): Promise<void> {
  const client = await openClient();
  const filter = {
    ...(experiment === undefined ? {} : { experiment: { in: [experiment] } }),
    ...(state === undefined ? {} : { state: { in: [enumOf(state)] } }),
    ...(origin === undefined ? {} : { origin: { in: [ORIGINS[origin]] } }),
    ...(evidence === undefined ? {} : { evidence: { in: [EVIDENCE[evidence]] } }),
    ...(importId === undefined ? {} : { import: { in: [importId] } }),
    ...(maxDrop === undefined ? {} : { drop: { max: maxDrop } }),
  };
  const up = order.startsWith('-');
  const by = ORDERS[(up ? order.slice(1) : order) as keyof typeof ORDERS];
  const sorting = { by, direction: up ? ('ASC' as const) : ('DESC' as const) };
  if (await sendExport(client, 'runs', options, { filter, order: sorting })) return;
  const { runs } = await client.ask(runList, { first, filter, order: sorting });
  show(runs.nodes.map(runOf), options, (found) => runTable(found));
}

/** @param skipped why a run is left as it is */
function change(mutation: typeof cancelRuns | typeof retryRuns, said: string, skipped: string) {
  return async (id: string, options: JsonOption): Promise<void> => {
    const client = await openClient();
    const [run] = (await client.change(mutation, { ids: [id] })).made;
    if (!run) throw new InputError(skipped);
    show({ ...run, state: wordOf(run.state) }, options, () => `${id} ${said}`);
  };
}

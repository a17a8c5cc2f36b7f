import { InputError } from '@espalier/errors';
import { type Command, InvalidArgumentError } from 'commander';
import { csvSource } from '../../import/csv.ts';
import { importJournal } from '../../import/journal.ts';
import { type Mapping, type MappingFlags, readMapping } from '../../import/mapping.ts';
import { MLFLOW_USUAL, mlflowSource } from '../../import/mlflow.ts';
import { removeImport } from '../../import/mutations.ts';
import type { ImportResult } from '../../import/outcome.ts';
import { planImport } from '../../import/plan.ts';
import { problemLine, Unusable } from '../../import/problems.ts';
import { sendImport } from '../../import/send.ts';
import type { Source } from '../../import/source.ts';
import { readSubjects } from '../../import/subjects.ts';
import { printJson, show } from '../../json.ts';
import { type JsonOption, repeatable, wholeNumber, withJson } from '../../options.ts';
import { openClient } from '../../remote/login.ts';
import { importText } from '../../render/import.ts';
import { count, plural } from '../../render/units.ts';
import { type Context, print } from '../../terminal.ts';

interface TableOptions extends JsonOption {
  readonly map: string[];
  readonly set: string[];
  readonly project?: string;
  readonly dryRun?: boolean;
}

interface CsvOptions extends TableOptions {
  readonly key?: string;
  readonly called?: string;
  readonly delimiter: string;
}

interface MlflowOptions extends TableOptions {
  readonly network?: string;
  readonly stepsPerEpoch?: number;
}

const HELP = `
Each run has a key made from its origin: sending it again changes nothing, and other content under the same key is
refused, with the difference. Nothing is sent if anything is invalid.

Examples:
  espalier import csv results.csv --map mapping.yaml --dry-run
  espalier import csv results.csv --map net=model --map "acc %=top1" --map flops=flops --map params=params \\
    --set dataset=ImageNet --set tool=pytorch --set allocation=depgraph --set criterion=l2 --set "preprocessing=resize 256, crop 224"
  espalier import mlflow mlruns/ --map params.model=model --map metrics.val_acc=top1 --map metrics.train_loss=epoch.loss \\
    --map mapping.yaml --network model/pruned.onnx
  espalier import journal sweep.ndjson
  espalier import undo "csv 3f2a91c07b64d815"

A mapping file, in YAML or JSON: { map: { COLUMN: field }, set: { field: text }, key: COLUMN }. Fields: name, model,
dataset, experiment, allocation, criterion, metric, share, training, epochs, seed, macs, flops, params, top1, top5, loss,
mAP:higher:share (any name, higher or lower, share, nats or ratio), pruned, base, baseLoss, images, preprocessing,
evaluator, tool, toolVersion, commit, host, link, finishedAt, network; for metrics by step epoch.loss, epoch.top1,
epoch.value and epoch.learningRate.`;

export function registerImport(program: Command, context: Context): void {
  const command = program.command('import').summary('import results of other trackers into a platform');
  command
    .description('Imports runs of other tools into a platform, from tables, MLflow or journals.')
    .addHelpText('after', HELP);
  withTable(
    command
      .command('csv')
      .argument('<file>', 'a table whose first row names its columns')
      .description('Each row is a run.')
      .option('--key <column>', 'identifies the rows (default: the names, else their place in this file)')
      .option('--called <name>', "the table's name in keys and experiments (default: the file's name)")
      .option('--delimiter <character>', 'separator of cells: , or ; or tab', delimiter, ','),
  ).action(async (file: string, options: CsvOptions) => {
    const mapping = await mappingOf(options, options.key);
    const { called, delimiter: between } = options;
    await importSource(
      await csvSource(file, { mapping, called, delimiter: between }),
      mapping,
      options,
      context,
    );
  });
  withTable(
    command
      .command('mlflow')
      .argument('<folder>', 'the folder mlruns, or one of an experiment in it')
      .description("Each finished run of MLflow's file store; deleted runs are left out.")
      .option('--network <path>', 'the pruned .onnx file among the artifacts of each run')
      .option('--steps-per-epoch <n>', 'for metrics stored by step', wholeNumber(1)),
  ).action(async (folder: string, options: MlflowOptions) => {
    const mapping = await mappingOf(options, undefined, MLFLOW_USUAL);
    await importSource(await mlflowSource(folder, options.network), mapping, options, context);
  });
  withJson(
    command
      .command('journal')
      .argument('<file>', 'a journal of espalier.py')
      .description("Sends the entries of a script's journal, as espalier.py sync does."),
  ).action(async (file: string, options: JsonOption) => {
    const sent = await importJournal(await openClient(), file, context);
    show(sent, options, ({ writes }) => `${plural(writes, 'write')} on the platform`);
  });
  withJson(
    command
      .command('undo')
      .argument('<import>', 'the name that espalier import printed')
      .description('Removes everything that an import created, permanently.'),
  ).action(async (importId: string, options: JsonOption) => {
    const { made } = await (await openClient()).change(removeImport, { import: importId });
    show(made, options, ({ runs, evaluations }) => {
      const bases =
        evaluations === 0 ? '' : `, and ${plural(evaluations, 'evaluation')} of unpruned networks`;
      return `${plural(runs, 'run')}${bases} removed`;
    });
  });
}

function withTable(command: Command): Command {
  return withJson(
    command
      .option(
        '--map <column=field>',
        'the field of a column, or a mapping file (repeatable)',
        repeatable(String),
        [],
      )
      .option('--set <field=text>', 'a value for all runs (repeatable)', repeatable(constant), [])
      .option('--project <name>', 'the project of the models: its name or id')
      .option('--dry-run', 'show what would be created, what exists and what is refused'),
  );
}

function constant(text: string): string {
  if (/^[^=]+=./.test(text)) return text;
  throw new InvalidArgumentError('Give it as field=text.');
}

function delimiter(text: string): string {
  const character = text === 'tab' ? '\t' : text;
  if (character.length === 1) return character;
  throw new InvalidArgumentError('Give one character, or tab.');
}

/** What has no sign in it is a file. */
function mappingOf(
  { map, set }: TableOptions,
  key: string | undefined,
  usual: Parameters<typeof readMapping>[2] = [],
): Promise<Mapping> {
  const isPair = (text: string) => text.includes('=');
  const flags: MappingFlags = { map: map.filter(isPair), set, key };
  return readMapping(
    map.filter((text) => !isPair(text)),
    flags,
    usual,
  );
}

async function importSource(
  source: Source,
  mapping: Mapping,
  options: TableOptions & { readonly stepsPerEpoch?: number },
  context: Context,
): Promise<void> {
  const { dryRun: isDry = false, project, stepsPerEpoch } = options;
  const client = await openClient();
  const plan = await planned(async () => {
    const subjects = await readSubjects(client, project);
    return planImport(source, subjects, { mapping, stepsPerEpoch });
  }, context);
  const result = await sendImport(client, plan, isDry, context);
  if (options.json) printJson(told(result, isDry));
  else print(importText(result, isDry));
  const refused =
    result.outcomes.filter(({ state }) => state === 'refused').length + result.refusedBases.length;
  if (refused > 0) throw new InputError(`${count(refused)} of it ${refused === 1 ? 'was' : 'were'} refused`);
}

function told({ outcomes, ...result }: ImportResult, isDry: boolean) {
  const runs = outcomes.map(({ run: { where, name, record, epochs, network }, ...outcome }) => {
    const { key, experiment, share } = record;
    return { ...{ where, name, key, experiment, share, epochs: epochs.length, network }, ...outcome };
  });
  return { dryRun: isDry, ...result, runs };
}

/** All that cannot be used, one line each. */
async function planned<T>(work: () => Promise<T>, { terminal }: Context): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unusable) for (const problem of error.problems) terminal.say(problemLine(problem));
    throw error;
  }
}

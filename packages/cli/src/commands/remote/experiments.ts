import { type Client, graphql, type ResultOf } from '@espalier/client';
import { KNOWN_DATASETS } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type AskedTarget, findAllocation, TARGET_FORMS } from '@espalier/pruning';
import { type Command, InvalidArgumentError } from 'commander';
import { MisuseError } from '../../failure.ts';
import { show } from '../../json.ts';
import {
  finetuneValue,
  type JsonOption,
  type LimitOptions,
  type MetricOptions,
  RECALIBRATE,
  REPAIR,
  type RecipeFlags,
  repeatable,
  SAMPLES,
  targetValue,
  wholeNumber,
  withGroupsOption,
  withJson,
  withLimitOptions,
  withMetricOptions,
} from '../../options.ts';
import { enumOf } from '../../remote/enum-words.ts';
import { watchExperiment } from '../../remote/experiment.ts';
import { openClient } from '../../remote/login.ts';
import { profileOn } from '../../remote/profile-on.ts';
import { register } from '../../remote/push-dataset.ts';
import { runTable } from '../../remote/runs.ts';
import { expectFinished } from '../../remote/watch.ts';
import { left, listing, right } from '../../render/table.ts';
import { count, plural } from '../../render/units.ts';
import { readRecipe } from '../../stages/training.ts';
import type { Context } from '../../terminal.ts';

interface CreateOptions extends JsonOption, LimitOptions, MetricOptions {
  readonly model: string;
  readonly dataset: string;
  readonly name: string;
  readonly strategy: Strategy[];
  readonly target: AskedTarget[];
  readonly device?: string;
  readonly seeds: number[];
  readonly samples?: number;
  readonly grid: string;
  readonly finetune?: RecipeFlags;
  readonly recalibrate?: number;
  readonly repair?: number;
  readonly allowInexact?: boolean;
  readonly rounds?: number;
  readonly recover?: RecipeFlags;
}

interface Strategy {
  readonly allocation: string;
  readonly criterion: string;
}

const experimentList = graphql(`
  query ExperimentList {
    experiments(first: 100) { nodes { id name samples createdAt model { name } dataset { name } } }
  }
`);

const createExperiment = graphql(`
  mutation CreateExperiment($input: CreateExperimentInput!) {
    payload: createExperiment(input: $input) { ok errors { message path } made: experiment { id samples } }
  }
`);

const startRuns = graphql(`
  mutation StartRuns($input: StartRunsInput!) {
    payload: startRuns(input: $input) {
      ok errors { message path } made: runs { id } notes
    }
  }
`);

const datasetNames = graphql(`
  query DatasetNames($after: String) {
    page: datasets(first: 100, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
  }
`);

type Experiment = ResultOf<typeof experimentList>['experiments']['nodes'][number];

const HELP = `
Every strategy runs with every target and every seed. A strategy without random draws (such as cie:l1 without repair and
fine-tuning) gives the same network with every seed, and runs once.

Examples:
  espalier experiments create --model model_01j... --dataset cifar10 --name first --target macs=0.5
  espalier experiments create --model model_01j... --dataset cifar10 --name compare --strategy cie:l1 \\
    --strategy uniform:l1 --target macs=0.3 --target macs=0.5 --seeds 0,1,2 --finetune epochs=10
  espalier experiments create --model model_01j... --dataset cifar10 --name fast --device "Raspberry Pi 5" \\
    --target latency=0.5 --target latency=2.5ms
  espalier experiments create --model model_01j... --dataset photos --name "without labels" --metric fidelity \\
    --target macs=0.5`;

const WATCH_HELP = `
On a terminal: a line for each run with its stage, progress, speed and time left. Elsewhere:
a line for each new state. The table of results comes at the end, on stdout. Ctrl-C ends the watching, not the runs.

Examples:
  espalier experiments watch exp_01j...
  espalier experiments watch exp_01j... --json > results.json`;

export function registerExperiments(program: Command, context: Context): void {
  const experiments = program.command('experiments').summary('create, list and watch experiments');
  experiments.description('Experiments of a platform.');
  const made = withLimitOptions(
    experiments
      .command('create')
      .description('Creates an experiment and starts its runs.')
      .requiredOption('--model <id>', 'model_..., as espalier push prints it')
      .requiredOption('--dataset <name>', 'a data set of the team, or cifar10, mnist, fashion-mnist')
      .requiredOption('--name <name>', 'its name')
      .requiredOption(
        '--target <metric=share>',
        `what to remove: ${TARGET_FORMS} (repeatable)`,
        repeatable(targetValue),
        [],
      )
      .option(
        '--strategy <allocation:criterion>',
        'cie:l1 (repeatable; default: cie:l1)',
        repeatable(strategyValue),
        [],
      )
      .option('--device <name>', 'whose profile predicts latency: a device, or profile_...')
      .option('--seeds <list>', '0,1,2', seeds, [0])
      .option('--samples <n>', SAMPLES, wholeNumber(1))
      .option('--grid <ratios>', 'ratios to sample, first:last:step or a list', '0.1:0.9:0.1')
      .option('--finetune <settings>', 'epochs=10, or steps, batch, lr, recipe=FILE', finetuneValue)
      .option('--repair <n>', REPAIR, wholeNumber(0))
      .option('--recalibrate <n>', RECALIBRATE, wholeNumber(1))
      .option('--rounds <n>', 'rounds of sampling and cutting, for strategies that sample', wholeNumber(1))
      .option('--recover <settings>', 'train between the rounds: steps=200, as --finetune', finetuneValue),
  );
  withJson(withMetricOptions(withGroupsOption(made)))
    .addHelpText('after', HELP)
    .action((options: CreateOptions) => create(options));
  withJson(experiments.command('list').description('The newest experiments.')).action(
    async (options: JsonOption) => {
      const client = await openClient();
      const { experiments: page } = await client.ask(experimentList, {});
      show(page.nodes, options, experimentTable);
    },
  );
  withJson(
    experiments
      .command('watch')
      .argument('<id>', 'exp_...')
      .description('Follows the runs of an experiment until all end; exit code 1 unless all finish.'),
  )
    .addHelpText('after', WATCH_HELP)
    .action((id: string, options: JsonOption) => watch(id, options, context));
}

async function create(options: CreateOptions): Promise<void> {
  const client = await openClient();
  const recipe = options.finetune ? await readRecipe(options.finetune) : null;
  const recovery = options.recover ? await readRecipe(options.recover, 'recovery') : null;
  const { align, minWidth, maxRatio, keep, rounds = null, allowInexact = false } = options;
  const { device } = options;
  if (device === undefined && options.target.some(({ metric }) => metric === 'latency')) {
    throw new MisuseError(
      'a latency target needs a device profile: give --device NAME (espalier devices list shows them)',
    );
  }
  const input = {
    modelId: options.model,
    datasetId: await datasetOf(client, options.dataset),
    name: options.name,
    samples: options.samples ?? null,
    grid: options.grid,
    recipe,
    recalibrate: options.recalibrate ?? null,
    repair: options.repair ?? null,
    deviceProfileId: device === undefined ? null : await profileOn(client, device, options.model),
    qualityMetric: options.metric ? enumOf(options.metric) : null,
    outputWeights: Object.entries(options.weight).map(([output, weight]) => ({ output, weight })),
    limits: { align, minWidth, maxRatio, keep: [...keep] },
    allowInexact,
  };
  const { made: experiment } = await client.change(createExperiment, input);
  const given = options.strategy.length > 0 ? options.strategy : [{ allocation: 'cie', criterion: 'l1' }];
  // Rounds sample: the others go without.
  const strategy = given.map((each) =>
    findAllocation(each.allocation).sampling === 'none' ? each : { ...each, rounds, recovery },
  );
  const { made: runs, notes } = await client.change(startRuns, {
    experimentId: experiment.id,
    strategies: strategy,
    targets: options.target.map(({ metric, share, ms }) => ({
      metric: enumOf(metric),
      ...(ms === undefined ? { share: share ?? null } : { ms }),
    })),
    seeds: options.seeds,
  });
  const { id, samples } = experiment;
  const created = { id, samples, runs: runs.map((run) => run.id), notes };
  show(created, options, ({ runs }) =>
    [
      `${id}  ${plural(runs.length, 'run')}, samples on ${plural(samples, 'image')}; espalier experiments watch ${id}`,
      ...(notes ?? []),
    ].join('\n'),
  );
}

async function datasetOf(client: Client, name: string): Promise<string> {
  const datasets = await client.all(datasetNames, {});
  const found = datasets.find((dataset) => dataset.name.toLowerCase() === name.toLowerCase());
  if (!found && !KNOWN_DATASETS.includes(name)) {
    throw new InputError(
      `the team has no data set "${name}"; espalier push --dataset adds one from a folder`,
    );
  }
  return (found ?? (await register(client, name, null))).id;
}

async function watch(id: string, options: JsonOption, context: Context): Promise<void> {
  const { experiment, runs } = await watchExperiment(await openClient(), id, context);
  show({ ...experiment, runs }, options, () => runTable(runs, experiment));
  expectFinished(runs);
}

function experimentTable(experiments: readonly Experiment[]): string {
  if (experiments.length === 0) return 'no experiments';
  return listing(experiments, [
    left('experiment', ({ id }) => id),
    left('name', ({ name }) => name),
    left('model', ({ model }) => model.name),
    left('data set', ({ dataset }) => dataset.name),
    right('images', ({ samples }) => count(samples)),
  ]);
}

function strategyValue(text: string): Strategy {
  const [, allocation, criterion = 'l1'] = /^(manual\(.*\)|[\w-]+)(?::([\w-]+(?::\w+)?))?$/.exec(text) ?? [];
  if (!allocation) throw new InvalidArgumentError('Give it as cie:l1 or cie:l1:max.');
  return { allocation, criterion };
}

function seeds(text: string): number[] {
  return text.split(',').map(wholeNumber(0));
}

import { graphql, type ResultOf } from '@espalier/client';
import { COMPRESSION_METRICS, type CompressionMetric } from '@espalier/comparison';
import { type Command, Option } from 'commander';
import { show } from '../../json.ts';
import { fraction, type JsonOption, repeatable, withJson } from '../../options.ts';
import { enumOf, wordOf } from '../../remote/enum-words.ts';
import { type ExportOptions, sendExport, withExport } from '../../remote/export.ts';
import { openClient } from '../../remote/login.ts';
import { changeOf, metricNamed } from '../../remote/quality.ts';
import { ratioWords } from '../../render/speedup.ts';
import { left, listing, right } from '../../render/table.ts';
import { metricChange, plural, UNKNOWN } from '../../render/units.ts';

interface Options extends JsonOption, ExportOptions {
  readonly budget: number[];
  readonly metric: CompressionMetric;
  readonly project?: string;
  readonly dataset?: string;
}

const compressionQuery = graphql(`
  query Compression($budgets: [Float!], $metric: CompressionMetric!, $filter: RunFilter!) {
    compression(budgets: $budgets, metric: $metric, filter: $filter) {
      budgets metric runs unknown truncated
      rows {
        model { id name } dataset { id name } qualityMetric { name } recalibrate repair images profiledDevice runs networks evaluators reservation
        recipe {
          epochs steps batch learningRate warmup labelSmoothing clipNorm averaging recalibration
          schedule { kind at factor peak initial final }
          optimiser { kind weightDecay momentum nesterov beta1 beta2 epsilon }
          augmentation { crop flip } distillation { temperature weight }
        }
        best {
          run { id } name allocation criterion metric share seed baseValue value drop baseTop1 top1 device
          before { macs params bytes latency throughput predicted }
          after { macs params bytes latency throughput predicted }
          ratio { macs params bytes latency throughput predicted }
          latencyInterval { low high } throughputInterval { low high } measured { ratio low high }
        }
      }
    }
  }
`);

type Compression = ReturnType<typeof told>;
type Row = Compression['rows'][number];

const HELP = `
A row is one network on one data set, with one recipe and one quality metric. Its cells are the largest ratios (base
divided by pruned) among its finished runs that lose no more than the budget in that metric.

Examples:
  espalier compression                                    MACs at 0.5, 1, 2 and 5 points
  espalier compression --metric latency --budget 0.01     one point
  espalier compression --metric predicted                 time on a device, by its profile
  espalier compression --project proj_01j... --json       every ratio of every chosen run
  espalier compression --latex > compression.tex          for a paper`;

export function registerCompression(program: Command): void {
  const command = program
    .command('compression')
    .summary('the largest ratio of each model at each allowed drop')
    .description('The largest ratio of each network within each allowed drop.')
    .option(
      '--budget <share>',
      'largest allowed drop in the metric of the runs: for top-1, 0.01 is one point (repeatable)',
      repeatable(fraction),
      [],
    )
    .addOption(
      new Option(
        '--metric <name>',
        'what to reduce (throughput: increase). predicted: latency on the device of a profile',
      )
        .choices(COMPRESSION_METRICS)
        .default('macs'),
    )
    .option('--project <id>', 'only runs of this project')
    .option('--dataset <id>', 'only runs on this data set');
  withExport(withJson(command))
    .addHelpText('after', HELP)
    .action(async ({ budget, metric, project, dataset, ...options }: Options) => {
      const client = await openClient();
      const filter = {
        ...(project === undefined ? {} : { project: { in: [project] } }),
        ...(dataset === undefined ? {} : { dataset: { in: [dataset] } }),
      };
      const table = {
        ...{ metric, filter },
        ...(budget.length > 0 ? { budgets: budget.join(',') } : {}),
      };
      if (await sendExport(client, 'compression', options, table)) return;
      const { compression } = await client.ask(compressionQuery, {
        ...{ metric: enumOf(metric), filter },
        // Without any, those that the platform takes.
        ...(budget.length > 0 ? { budgets: budget } : {}),
      });
      show(told(compression), options, compressionTable);
    });
}

function told({ metric, rows, ...answer }: ResultOf<typeof compressionQuery>['compression']) {
  return {
    ...answer,
    metric: wordOf(metric),
    rows: rows.map((row) => ({
      ...row,
      recipe: inWords(row.recipe),
      best: row.best.map((run) => run && { ...run, metric: wordOf(run.metric) }),
    })),
  };
}

type ToldRecipe = ResultOf<typeof compressionQuery>['compression']['rows'][number]['recipe'];

function inWords(recipe: ToldRecipe) {
  if (!recipe) return null;
  const { schedule, optimiser } = recipe;
  return {
    ...recipe,
    schedule: { ...schedule, kind: wordOf(schedule.kind) },
    optimiser: { ...optimiser, kind: wordOf(optimiser.kind) },
  };
}

function compressionTable({ budgets: allowed, metric, rows, runs, unknown }: Compression): string {
  const leftOut = leftOutText(metric, unknown, runs);
  if (rows.length === 0) return leftOut ?? 'no finished runs yet';
  const drawn = listing(rows, [
    left('model', ({ model }) => model.name),
    left('data set', ({ dataset }) => dataset.name),
    ...(rows.every(({ qualityMetric }) => qualityMetric.name === 'TOP1')
      ? []
      : [left<Row>('judged by', ({ qualityMetric }) => metricNamed(qualityMetric.name).label)]),
    ...(metric === 'predicted'
      ? [left<Row>('device', ({ profiledDevice }) => profiledDevice ?? UNKNOWN)]
      : []),
    left('fine-tuned', wayOf),
    ...(rows.every(({ evaluators }) => evaluators.length === 0)
      ? []
      : [left<Row>('judged by', ({ evaluators }) => evaluators.join(', '))]),
    right('networks', ({ networks }) => String(networks)),
    ...allowed.map((budget, i) =>
      right<Row>(budgetHead(budget, rows), (row) => cell(row, row.best[i], metric)),
    ),
  ]);
  const rule = `${metric}, base divided by pruned, and the change of the quality metric; – if no run is within the budget`;
  const doubts = rows.flatMap(({ model, reservation }) =>
    reservation === null ? [] : [`${model.name}: ${reservation}`],
  );
  return [drawn, rule, ...doubts, ...(leftOut === null ? [] : [leftOut])].join('\n');
}

/** Which runs a table by the metric leaves out, and why; null if there are none. */
function leftOutText(metric: CompressionMetric, unknown: number, runs: number): string | null {
  if (unknown === 0) return null;
  const of = `${unknown} of ${plural(runs, 'finished run')}`;
  return metric === 'predicted'
    ? `left out: ${of} without a predicted latency; give the experiment a device profile (espalier experiments create --device)`
    : `${of} have no measured ${metric}, so no budget applies`;
}

/** "2.01x, −0.42 pt" */
function cell(
  { qualityMetric }: Row,
  best: Row['best'][number] | undefined,
  metric: CompressionMetric,
): string {
  const judgedBy = metricNamed(qualityMetric.name);
  const times = best?.ratio[metric] ?? null;
  if (!best || times === null) return UNKNOWN;
  return `${ratioWords(metric, times, best)}, ${metricChange(judgedBy, changeOf(judgedBy, best.drop))}`;
}

/** In points where all rows are, and else a plain number in the unit of each. */
function budgetHead(budget: number, rows: readonly Row[]): string {
  const isShare = rows.every(({ qualityMetric }) => metricNamed(qualityMetric.name).unit === 'share');
  return isShare ? `≤ ${Number((budget * 100).toFixed(2))} pt` : `≤ ${budget}`;
}

function wayOf({ recipe, recalibrate, repair }: Pick<Row, 'recipe' | 'recalibrate' | 'repair'>): string {
  const length =
    (recipe?.steps ?? null) === null
      ? plural(recipe?.epochs ?? 0, 'epoch')
      : plural(recipe?.steps ?? 0, 'step');
  const tuned = recipe === null ? 'no' : length;
  const mended = repair > 0 ? `${tuned}, repaired with ${repair}` : tuned;
  return recalibrate ? `${mended}, BatchNorm on ${recalibrate}` : mended;
}

import { graphql, type ResultOf } from '@espalier/client';
import { COMPRESSION_METRICS, type CompressionMetric } from '@espalier/comparison';
import { type AnyMetric, isOwnMetric, METRIC_NAMES, metricBy } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { show } from '../../json.ts';
import { type JsonOption, withJson } from '../../options.ts';
import { enumOf } from '../../remote/enum-words.ts';
import { type ExportOptions, sendExport, withExport } from '../../remote/export.ts';
import { openClient } from '../../remote/login.ts';
import { changeOf, metricNamed } from '../../remote/quality.ts';
import { ratioWords } from '../../render/speedup.ts';
import { left, listing, right } from '../../render/table.ts';
import { factor, metricChange, plural, UNKNOWN } from '../../render/units.ts';

const KEYS = ['model', 'dataset', 'strategy', 'target', 'project'] as const;
type Key = (typeof KEYS)[number];

interface Options extends JsonOption, ExportOptions {
  readonly project?: string;
  readonly dataset?: string;
}

interface FrontOptions extends Options {
  readonly cost: CompressionMetric;
  readonly metric?: AnyMetric;
}

const summaryQuery = graphql(`
  query RatioSummary($by: [SummaryKey!]!, $filter: RunFilter!) {
    ratioSummary(by: $by, filter: $filter) {
      groupCount
      groups(first: 500) {
        model { id name } dataset { id name } project { id name } strategy { key name } target { metric share }
        runs networks grounds profiles qualityMetric
        top1 { n mean deviation best bestRun { id } }
        drop { n mean deviation best bestRun { id } }
        ratio {
          params { n mean deviation best bestRun { id } } macs { n mean deviation best bestRun { id } }
          bytes { n mean deviation best bestRun { id } } latency { n mean deviation best bestRun { id } }
          throughput { n mean deviation best bestRun { id } } predicted { n mean deviation best bestRun { id } }
        }
      }
    }
  }
`);

const frontQuery = graphql(`
  query RatioFront($cost: CompressionMetric!, $filter: RunFilter!, $metric: QualityMetricName) {
    ratioFront(cost: $cost, filter: $filter, qualityMetric: $metric) {
      qualityMetric { name } judged { qualityMetric { name } runs } count networks grounds unknown
      points(first: 1000) {
        ratio drop
        run {
          id name model { name }
          result {
            value top1 downloadUrl latencyInterval { low high } throughputInterval { low high }
            latency { device { name } measured { speedup { ratio low high } } }
          }
        }
      }
    }
  }
`);

type Summary = ResultOf<typeof summaryQuery>['ratioSummary'];
type Group = Summary['groups'][number];
type Front = ResultOf<typeof frontQuery>['ratioFront'];

const RULE =
  'A ratio is base divided by pruned (for throughput the inverse): 2 is half the size, or twice as fast.';

export function registerRatios(program: Command): void {
  withFilter(
    program
      .command('summary')
      .summary('means and best runs of drops and ratios, by model, strategy and more')
      .description(`The results of finished runs, in groups. ${RULE}`)
      .option('--by <keys>', `any of ${KEYS.join(', ')}, separated by commas`, readKeys, [
        'model',
        'strategy',
      ] as Key[]),
  ).action(async ({ by, ...options }: Options & { readonly by: Key[] }) => {
    const client = await openClient();
    if (await sendExport(client, 'summary', options, { by: by.join(','), filter: filterOf(options) })) return;
    const { ratioSummary } = await client.ask(summaryQuery, {
      by: by.map((key) => enumOf(key)),
      filter: filterOf(options),
    });
    show(ratioSummary, options, (found) => summaryTable(found, by));
  });
  withFilter(
    program
      .command('front')
      .summary('the Pareto front of ratio and drop, over all models')
      .description(
        `The finished runs that no other run beats in both ratio and drop, each against its own base. ${RULE}`,
      )
      .addOption(new Option('--cost <name>', 'whose ratio').choices(COMPRESSION_METRICS).default('macs'))
      .option(
        '--metric <name>',
        `quality metric of the runs: ${METRIC_NAMES.join(', ')}, or that of another tool, such as mAP:higher:share (default: that of most runs)`,
        readMetric,
      ),
  ).action(async ({ cost, metric, ...options }: FrontOptions) => {
    const client = await openClient();
    const filter = filterOf(options);
    const { ratioFront } = await client.ask(frontQuery, {
      ...{ cost: enumOf(cost), metric: metric ? calledOf(metric) : null, filter },
    });
    const judgedBy = metricNamed(ratioFront.qualityMetric.name);
    const qualityMetric = calledOf(judgedBy);
    if (await sendExport(client, 'front', options, { cost, qualityMetric, filter })) return;
    show(ratioFront, options, (found) => frontTable(found, cost, judgedBy));
  });
}

function withFilter(command: Command): Command {
  return withExport(withJson(command))
    .option('--project <id>', 'only runs of this project')
    .option('--dataset <id>', 'only runs on this data set');
}

function filterOf({ project, dataset }: Options) {
  return {
    ...(project === undefined ? {} : { project: { in: [project] } }),
    ...(dataset === undefined ? {} : { dataset: { in: [dataset] } }),
  };
}

/** As the API calls it. */
function calledOf({ name }: AnyMetric): string {
  return isOwnMetric(name) ? name.toUpperCase() : name;
}

function readMetric(text: string): AnyMetric {
  try {
    return metricBy(text);
  } catch (error) {
    if (error instanceof InputError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

function readKeys(text: string): Key[] {
  return text.split(',').map((name) => {
    const key = KEYS.find((one) => one === name);
    if (!key) throw new InvalidArgumentError(`"${name}" is none of ${KEYS.join(', ')}.`);
    return key;
  });
}

function lossBy(metric: AnyMetric, drop: number): string {
  return metricChange(metric, changeOf(metric, drop));
}

function summaryTable({ groups, groupCount }: Summary, by: readonly Key[]): string {
  if (groups.length === 0) return 'no finished runs yet';
  const named: Readonly<Record<Key, (group: Group) => string>> = {
    model: ({ model }) => model?.name ?? UNKNOWN,
    dataset: ({ dataset }) => dataset?.name ?? UNKNOWN,
    project: ({ project }) => project?.name ?? UNKNOWN,
    strategy: ({ strategy }) => strategy?.name ?? UNKNOWN,
    target: ({ target }) => (target ? `${target.metric.toLowerCase()}=${target.share}` : UNKNOWN),
  };
  const ratio = (name: CompressionMetric) =>
    right<Group>(name, ({ ratio: { [name]: found } }) => (found ? factor(found.mean, 1) : UNKNOWN));
  const drawn = listing(groups, [
    ...by.map((key) => left(key, named[key])),
    right('networks', ({ networks }) => String(networks)),
    right('grounds', ({ grounds }) => String(grounds)),
    right('change', ({ drop, qualityMetric }) =>
      drop ? lossBy(metricNamed(qualityMetric), drop.mean) : UNKNOWN,
    ),
    // Times by a device profile stand if there are any.
    ...COMPRESSION_METRICS.filter(
      (name) => name !== 'predicted' || groups.some(({ ratio: { predicted } }) => predicted),
    ).map(ratio),
  ]);
  const more =
    groupCount > groups.length ? `\n${groupCount - groups.length} more groups: --csv has them` : '';
  return `${drawn}\nmeans over different networks; groups with more than one ground are not ranked${more}`;
}

function frontTable(
  { points: found, networks, grounds, judged, unknown }: Front,
  cost: CompressionMetric,
  metric: AnyMetric,
): string {
  const notes = leftOut(cost, metric, judged, unknown);
  if (found.length === 0) return ['no finished runs with a known ratio and drop yet', ...notes].join('\n');
  const drawn = listing(found, [
    left('run', ({ run }) => run?.id ?? UNKNOWN),
    left('name', ({ run }) => run?.name ?? UNKNOWN),
    left('model', ({ run }) => run?.model?.name ?? UNKNOWN),
    right(cost, ({ ratio, run }) => ratioWords(cost, ratio, run?.result ?? {})),
    right('change', ({ drop }) => lossBy(metric, drop)),
  ]);
  const of = `of ${networks} networks by ${metric.label}, on ${grounds === 1 ? 'one ground' : `${grounds} grounds`}`;
  return [drawn, of, ...notes].join('\n');
}

/** Which runs are not on the front, and why. */
function leftOut(
  cost: CompressionMetric,
  metric: AnyMetric,
  judged: Front['judged'],
  unknown: number,
): string[] {
  const others = judged.filter(({ qualityMetric: { name } }) => metricNamed(name).name !== metric.name);
  const why = cost === 'predicted' ? 'they have no device profile' : 'their ratio or change is unknown';
  return [
    ...(unknown > 0 ? [`left out: ${plural(unknown, 'run')}, ${why}`] : []),
    ...others.map(({ qualityMetric: { name }, runs }) => {
      const other = metricNamed(name);
      return `left out: ${plural(runs, 'run')} with metric ${other.label} (--metric ${other.name})`;
    }),
  ];
}

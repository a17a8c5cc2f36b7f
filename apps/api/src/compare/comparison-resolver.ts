import { GraphQLScalarType } from 'graphql';
import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { allPublished, PublishedFilter } from '../published/published-results.ts';
import { RunFilter } from '../runs/run-filter.ts';
import { RunOrder } from '../runs/run-order.ts';
import { answered, COLUMN_NAMES, COLUMNS, type ColumnKind, type ColumnName } from './columns.ts';
import { comparabilityOf } from './comparability.ts';
import { ComparabilityType } from './comparability-type.ts';
import { outcomesOf } from './compared-results.ts';
import { type Comparison, compareRuns, MOST_ROWS } from './comparison.ts';
import { type FrontColumns, frontsByMetric } from './fronts-by-metric.ts';
import { StructureType, structuresOf } from './structures.ts';

/** A whole column is one value: tens of thousands of numbers are not looked at one by one. */
const scalar = (name: string, of: string) =>
  new GraphQLScalarType({
    name,
    description: `A JSON list of ${of}, one for each run and in the order of the runs.`,
  });

const FlagColumn = scalar('FlagColumn', 'booleans');
const SCALARS: Readonly<Record<ColumnKind, GraphQLScalarType>> = {
  text: scalar('TextColumn', 'strings, null if there is none'),
  flag: FlagColumn,
  metric: scalar('MetricColumn', 'QualityMetricName'),
  enum: scalar('EnumColumn', 'values of an enum, as it has them, null if there is none'),
  number: scalar('NumberColumn', 'numbers, null if it is not known'),
  time: scalar('TimeColumn', 'times in ISO 8601, null if there is none'),
  list: scalar('ListColumn', 'lists of strings'),
};

const COSTS = {
  macs: 'macs',
  params: 'params',
  latency: 'latencyMs',
  predicted: 'predictedMs',
} as const satisfies Record<string, ColumnName>;
const CostEnum = enumType('Cost', Object.keys(COSTS), 'The cost that accuracy is compared with.');

@ObjectType('ComparisonColumns', { description: 'Only those that are asked for are read.' })
class ComparisonColumns {}
for (const name of COLUMN_NAMES) {
  const { kind, description } = COLUMNS[name] as { kind: ColumnKind; description?: string };
  // A column of ids is no id of the columns.
  const called = name === 'id' ? 'runId' : name;
  Field(() => SCALARS[kind], { name: called, ...(description ? { description } : {}) })(
    ComparisonColumns.prototype,
    name,
  );
}

@ObjectType('Comparison', { description: 'Runs side by side, as columns.' })
class ComparisonType {}

@Resolver(() => ComparisonType)
export class ComparisonResolver {
  @Query(() => ComparisonType, { description: 'All matching runs in one answer.' })
  comparison(
    @Ctx() context: Context,
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
    @Arg('order', () => RunOrder, { nullable: true, description: 'Default: newest first.' })
    order: RunOrder | null,
    @Arg('most', () => Int, { defaultValue: MOST_ROWS, description: `At most ${MOST_ROWS}.` }) most: number,
  ) {
    return compareRuns(context, filter ?? {}, order ?? null, most);
  }

  @Query(() => [StructureType], {
    description:
      'Structures of at most 100 runs, in the order of their ids; runs without a result are left out.',
  })
  structures(@Ctx() context: Context, @Arg('runIds', () => [ID]) runIds: string[]) {
    return structuresOf(context, runIds);
  }

  @FieldResolver(() => Int, { description: 'Number of all that match, including those that are left out.' })
  count(@Root() comparison: Comparison): Promise<number> {
    return comparison.count();
  }

  @FieldResolver(() => Boolean, { description: 'More match than the columns have.' })
  async truncated(@Root() comparison: Comparison): Promise<boolean> {
    return (await comparison.count()) > comparison.most;
  }

  @FieldResolver(() => ComparisonColumns)
  columns(@Root() comparison: Comparison) {
    // Looked at when they are asked for, and only then.
    const columns = COLUMN_NAMES.map((name) => [
      name,
      { get: async () => (await comparison.column(name)).map((value) => answered(name, value)) },
    ]);
    return Object.defineProperties({}, Object.fromEntries(columns));
  }

  @FieldResolver(() => ComparabilityType, { description: 'Among the runs of the columns.' })
  async comparability(
    @Root() comparison: Comparison,
    @Ctx() context: Context,
    @Arg('published', () => PublishedFilter, {
      nullable: true,
      description: 'Published results to show beside the runs. Default: none.',
    })
    published?: PublishedFilter | null,
  ) {
    const outcomes = await outcomesOf(comparison, context.database);
    return comparabilityOf(outcomes, published ? await allPublished(context, published) : []);
  }

  @FieldResolver(() => FlagColumn, {
    description:
      'The Pareto front of value and cost, among the runs of the columns with the same quality metric and with evaluators that score unpruned networks equally.',
  })
  async onFront(
    @Root() comparison: Comparison,
    @Arg('cost', () => CostEnum, { defaultValue: 'macs' }) cost: keyof typeof COSTS,
  ): Promise<boolean[]> {
    const names = ['qualityMetric', 'outputWeights', 'evaluator', 'baseValue', 'value', COSTS[cost]] as const;
    const of = (all: readonly ColumnName[]) => Promise.all(all.map((name) => comparison.column(name)));
    const [metrics, weights, evaluators, bases, values, costs] = await of(names);
    const subjects = await of(['baseHash', 'preprocessing', 'datasetHash', 'images']);
    const grounds = metrics?.map((_, run) => subjects.map((column) => column[run]).join(' '));
    return frontsByMetric({ metrics, weights, evaluators, bases, grounds, values, costs } as FrontColumns);
  }
}

import type { Benchmark } from '@espalier/store';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { ExperimentType } from '../experiments/experiment-resolver.ts';
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { ModelType } from '../models/model-resolver.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { BenchmarkListArgs } from './benchmark-filter.ts';
import { type BenchmarkSection, benchmarkSections } from './benchmark-results.ts';
import { BenchmarkInput, listBenchmarks, plannedOf, startBenchmark } from './benchmarks.ts';
import { DuelType, PlanType, RowType, shownPlan } from './section-types.ts';

@ObjectType('BenchmarkRuns', { description: 'Progress of a benchmark.' })
class BenchmarkRunsType {
  @Field(() => Int)
  total!: number;

  @Field(() => Int)
  finished!: number;

  @Field(() => Int, { description: 'Or cancelled.' })
  failed!: number;
}

@ObjectType('Benchmark', {
  implements: NodeType,
  description: 'Models by strategies by targets by seeds, under equal conditions.',
})
export class BenchmarkType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

@ObjectType('BenchmarkTable', { description: 'A table in words; the first column names the row.' })
class TableType {
  @Field(() => String, { description: "Tells a section's tables apart." })
  title!: string;

  @Field(() => String)
  caption!: string;

  @Field(() => [String])
  heads!: readonly string[];

  @Field(() => [[String]])
  rows!: readonly (readonly string[])[];
}

@ObjectType('BenchmarkSection', { description: 'The results of a section for one model so far.' })
class SectionType {
  @Field(() => String)
  title!: string;

  @Field(() => String, { description: 'The conditions that all strategies of the section share, in words.' })
  conditions!: string;

  @Field(() => Int, { description: 'Results that are not there, or not yet.' })
  missing!: number;

  @Field(() => Int, { description: 'Runs that failed or were cancelled.' })
  failed!: number;

  @Field(() => [TableType], {
    description: 'Accuracies, actual savings, and the first strategy against the others.',
  })
  tables!: readonly TableType[];

  @Field(() => String, { description: "The section's first strategy: `cie:l1`." })
  reference!: string;

  @Field(() => [RowType], { description: 'The numbers behind the tables.' })
  rows!: readonly RowType[];

  @Field(() => [DuelType], { description: 'The reference against each of the others.' })
  duels!: readonly DuelType[];
}

const BenchmarkConnection = connectionType('Benchmark', () => BenchmarkType);

@Resolver(() => BenchmarkType)
export class BenchmarkResolver {
  @Query(() => BenchmarkConnection, { description: "The team's benchmarks." })
  benchmarks(@Ctx() context: Context, @Args(() => BenchmarkListArgs) args: BenchmarkListArgs) {
    return listBenchmarks(context, args);
  }

  @Query(() => BenchmarkType, { nullable: true, description: 'Null if there is no such object.' })
  benchmark(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('bench', context, id);
  }

  @Query(() => [SectionType], {
    nullable: true,
    description: 'The tables of a benchmark, from its finished runs. Null if there is no such benchmark.',
  })
  async benchmarkSections(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    const found = await findNode('bench', context, id);
    return found && benchmarkSections(context, found);
  }

  @Change(
    { benchmark: () => BenchmarkType },
    'Creates an experiment for each section and model and starts their runs, all or nothing. Needs the role editor.',
  )
  startBenchmark(@Ctx() context: Context, @Arg('input', () => BenchmarkInput) input: BenchmarkInput) {
    return startBenchmark(context, input);
  }

  @FieldResolver(() => [Float], { description: 'Ratios that are sampled.' })
  grid(@Root() benchmark: Benchmark): readonly number[] {
    return plannedOf(benchmark).grid;
  }

  @FieldResolver(() => [PlanType], { description: 'The plan as it was given.' })
  plan(@Root() benchmark: Benchmark): PlanType[] {
    return plannedOf(benchmark).sections.map(shownPlan);
  }

  @FieldResolver(() => BenchmarkRunsType)
  async runs(@Root() { id }: Benchmark, @Ctx() { loaders }: Context): Promise<BenchmarkRunsType> {
    return (await loaders.benchmarkRuns.load(id)) ?? { total: 0, finished: 0, failed: 0 };
  }
}

@Resolver(() => SectionType)
export class BenchmarkSectionResolver {
  @FieldResolver(() => ModelType)
  model(@Root() { modelId }: BenchmarkSection, @Ctx() context: Context) {
    return nodeAt('model', context, modelId);
  }

  @FieldResolver(() => ExperimentType, { description: 'The experiment of its runs.' })
  experiment(@Root() { experimentId }: BenchmarkSection, @Ctx() context: Context) {
    return nodeAt('exp', context, experimentId);
  }
}

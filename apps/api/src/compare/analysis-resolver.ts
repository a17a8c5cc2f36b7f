import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { graphQLError } from '../errors.ts';
import { PageArgs } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { nodeAt, nodesAt } from '../nodes/nodes.ts';
import { pageOfIds } from '../query/page-of-ids.ts';
import { RunFilter } from '../runs/run-filter.ts';
import { RunConnection, RunType } from '../runs/run-resolver.ts';
import { type Analysis, analyse, idsOf, MOST_ANALYSED, type RunGroup } from './analysis.ts';
import { RelativeResultType, RunPairType } from './analysis-types.ts';
import { relativeOf } from './relative.ts';
import { RunGroupType } from './run-group-resolver.ts';
import { MOST_PAIRED, pairsOf, type RunPair } from './run-pairs.ts';

const MOST_GROUPS = 20;

@ObjectType('Analysis', { description: 'Which strategy wins, among comparable runs.' })
class AnalysisType {
  @Field(() => Int, { description: 'Finished runs that match.' })
  count!: number;

  @Field(() => Boolean, {
    description: `More match than the ${MOST_ANALYSED} newest ones, which are looked at.`,
  })
  truncated!: boolean;
}

@Resolver(() => AnalysisType)
export class AnalysisResolver {
  @Query(() => AnalysisType, {
    description: 'Compares strategies over all matching finished runs, in groups of comparable runs.',
  })
  analysis(
    @Ctx() context: Context,
    @Arg('filter', () => RunFilter, { nullable: true }) filter: RunFilter | null,
  ): Promise<Analysis> {
    return analyse(context, filter ?? {});
  }

  @FieldResolver(() => [RunGroupType], {
    description: `Each group has what must be equal for accuracies to be comparable; largest first. At most ${MOST_GROUPS}.`,
  })
  groups(
    @Root() { groups }: Analysis,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
  ): readonly RunGroup[] {
    if (first < 1 || first > MOST_GROUPS) {
      throw graphQLError('BAD_USER_INPUT', `first is from 1 to ${MOST_GROUPS}, not ${first}`);
    }
    return groups.slice(0, first);
  }

  @FieldResolver(() => Int, { description: 'All groups, also those that are left out.' })
  groupCount(@Root() { groups }: Analysis): number {
    return groups.length;
  }

  @FieldResolver(() => RunConnection, {
    description: 'Runs in no group: their results lack what a comparison needs.',
  })
  lacking(@Root() { lacking }: Analysis, @Ctx() context: Context, @Args(() => PageArgs) args: PageArgs) {
    return pageOfIds(args, 'Analysis.lacking', idsOf(lacking), (ids) => nodesAt('run', context, ids));
  }

  @FieldResolver(() => [RunPairType], {
    description: `Each pair of at most ${MOST_PAIRED} runs; runs that are not among the analysed ones are left out.`,
  })
  pairs(@Root() analysis: Analysis, @Ctx() context: Context, @Arg('runIds', () => [ID]) runIds: string[]) {
    return pairsOf(context, analysis, runIds);
  }

  @FieldResolver(() => [RelativeResultType], { description: 'In the order of strategies and targets.' })
  relative(@Root() { runs }: Analysis) {
    return relativeOf(runs);
  }
}

@Resolver(() => RunPairType)
export class RunPairResolver {
  @FieldResolver(() => RunType)
  a(@Root() { a }: RunPair, @Ctx() context: Context) {
    return nodeAt('run', context, a);
  }

  @FieldResolver(() => RunType)
  b(@Root() { b }: RunPair, @Ctx() context: Context) {
    return nodeAt('run', context, b);
  }
}

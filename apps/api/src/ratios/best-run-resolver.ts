import type { CompressionMetric } from '@espalier/comparison';
import type { Model } from '@espalier/store';
import { Args, ArgsType, Ctx, Field, FieldResolver, Float, Resolver, Root } from 'type-graphql';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { ModelType } from '../models/model-resolver.ts';
import { CompressionMetricEnum } from '../runs/ratio-types.ts';
import { RunFilter } from '../runs/run-filter.ts';
import { RunType } from '../runs/run-resolver.ts';
import { checkedDrop } from './best-run.ts';

@ArgsType()
class BestRunArgs {
  @Field(() => Float, {
    nullable: true,
    description:
      'The largest allowed drop, in the unit of the quality metric: for TOP1, 0.01 is one point. Default: any, also an unknown one.',
  })
  maxDrop?: number | null;

  @Field(() => CompressionMetricEnum, { defaultValue: 'macs', description: 'Whose ratio is to be large.' })
  by!: CompressionMetric;

  @Field(() => RunFilter, { nullable: true, description: 'Among these runs only.' })
  filter?: RunFilter | null;
}

@Resolver(() => ModelType)
export class BestRunResolver {
  @FieldResolver(() => RunType, {
    nullable: true,
    description:
      'The finished run with the largest ratio among those within the allowed drop; of equal ones the one with the smaller drop, then the earlier. Equal networks count once, as their first run. Null if no run is within it, or none was measured.',
  })
  bestRun(
    @Root() { id: modelId }: Model,
    @Ctx() { viewer, loaders }: Context,
    @Args(() => BestRunArgs) { maxDrop, by, filter }: BestRunArgs,
  ) {
    const { teamId, projectIds } = requireRole(viewer, 'viewer');
    const reach = { teamId, projectIds };
    return loaders.bestRun.load({ modelId, reach, maxDrop: checkedDrop(maxDrop), by, filter: filter ?? {} });
  }
}

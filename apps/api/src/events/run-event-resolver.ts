import type { RunEventData } from '@espalier/runs';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { WorkerType } from '../operations/operations-resolver.ts';
import { RunType } from '../runs/run-resolver.ts';
import { SamplingRunType } from '../sampling/sampling-resolver.ts';
import { ClaimedEventType, CreatedEventType, SampledEventType } from './run-event-types.ts';

@Resolver(() => CreatedEventType)
export class CreatedEventResolver {
  @FieldResolver(() => RunType, {
    nullable: true,
    description: 'The run that it was made like. Null for none, and for one out of reach.',
  })
  clonedFrom(@Root() { clonedFrom }: RunEventData['created'], @Ctx() context: Context) {
    return clonedFrom === null ? null : nodeAt('run', context, clonedFrom);
  }
}

@Resolver(() => ClaimedEventType)
export class ClaimedEventResolver {
  @FieldResolver(() => WorkerType, { nullable: true, description: 'Only for operators; null for others.' })
  worker(@Root() { workerId }: RunEventData['claimed'], @Ctx() context: Context) {
    return nodeAt('worker', context, workerId);
  }
}

@Resolver(() => SampledEventType)
export class SampledEventResolver {
  @FieldResolver(() => SamplingRunType, {
    nullable: true,
    description: 'Null if no run uses it any more.',
  })
  sampling(@Root() { samplingRunId }: RunEventData['sampled'], @Ctx() context: Context) {
    return nodeAt('sample', context, samplingRunId);
  }
}

import { STAGE_STATES, type StageState } from '@espalier/runs';
import type { Run, RunState } from '@espalier/store';
import {
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../graphql/context.ts';
import { enumType } from '../graphql/enums.ts';
import { EpochType } from './epoch-type.ts';
import { ProgressType, progressOf, runStages } from './progress.ts';
import { RunStateEnum } from './run-enums.ts';
import { RunType } from './run-resolver.ts';

const StageStateEnum = enumType('StageState', STAGE_STATES, 'The outcome of an attempt at a stage.', {
  interrupted: 'Its worker died or gave the run back: what follows begins again.',
});

@ObjectType('Stage', { description: 'A state that the run was in.' })
class StageType {
  @Field(() => RunStateEnum)
  name!: RunState;

  @Field(() => StageStateEnum)
  state!: StageState;

  @Field(() => GraphQLISODateTime)
  startedAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => Float, { description: 'So far, if it is running.' })
  seconds!: number;

  @Field(() => Float, { nullable: true, description: 'If it is running and counted.' })
  done!: number | null;

  @Field(() => Float, { nullable: true })
  total!: number | null;
}

@Resolver(() => RunType)
export class RunProgressResolver {
  @FieldResolver(() => ProgressType)
  progress(@Root() run: Run, @Ctx() { loaders }: Context) {
    return progressOf(run, loaders);
  }

  @FieldResolver(() => [StageType], {
    description: 'The stages that it went through, every attempt. An interrupted stage was repeated.',
  })
  stages(@Root() run: Run, @Ctx() { loaders }: Context) {
    return runStages(run, loaders);
  }

  @FieldResolver(() => [EpochType])
  epochs(@Root() { id }: Run, @Ctx() { loaders }: Context) {
    return loaders.epochs.load(id);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "The team's jobs before it, in turns with those of other teams; null if none of its jobs waits.",
  })
  ahead(@Root() { id }: Run, @Ctx() { loaders, viewer }: Context) {
    // Of other projects, too.
    return viewer?.projectIds ? null : loaders.ahead.load(id);
  }
}

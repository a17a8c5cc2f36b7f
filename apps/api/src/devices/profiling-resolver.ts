import { type Pace, PROFILING_OVER, paceOf } from '@espalier/runs';
import type { Profiling, ProfilingState } from '@espalier/store';
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
import { connectionType } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { Change } from '../graphql/payload.ts';
import { ModelType } from '../models/model-resolver.ts';
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { UserType } from '../people/team-resolver.ts';
import { DeviceType } from './device-resolver.ts';
import { DeviceProfileType } from './profile-resolver.ts';
import { ProfilingListArgs, ProfilingStateEnum } from './profiling-filter.ts';
import { cancelMeasuring, listProfilings, machines, measureProfile } from './profilings.ts';

@ObjectType('ProfilingProgress', { description: 'Progress of measuring a profile.' })
class ProfilingProgressType implements Pace {
  @Field(() => Int, { description: 'Structures.' })
  done!: number;

  @Field(() => Int, { description: '0 before it is known.' })
  total!: number;

  @Field(() => Float, { nullable: true, description: 'Null until it can be estimated.' })
  ratePerSecond!: number | null;

  @Field(() => Float, { nullable: true })
  secondsLeft!: number | null;
}

@ObjectType('Profiling', {
  implements: NodeType,
  description:
    'A profile that a worker measures on its machine. It finishes its current job first, and takes no other meanwhile.',
})
export class ProfilingType extends NodeType {
  @Field(() => String, { name: 'machine', description: 'Whose workers measure, by its host name.' })
  host!: string;

  @Field(() => String, {
    description: 'Name of the device; the device is made when the profile is measured.',
  })
  deviceName!: string;

  @Field(() => Int)
  threads!: number;

  @Field(() => Int, { description: 'Images a run.' })
  batch!: number;

  @Field(() => Int, { description: 'Number of structures that times are fitted to; ten more are held out.' })
  structures!: number;

  @Field(() => ProfilingStateEnum)
  state!: ProfilingState;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  error!: string | null;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When a worker first had it.' })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true })
  finishedAt!: Date | null;
}

@ObjectType('Machine', { description: 'A machine whose workers measure profiles.' })
class MachineType {
  @Field(() => String, { description: 'Its host name.' })
  host!: string;

  @Field(() => String, { description: 'Its processor.' })
  cpu!: string;

  @Field(() => Int)
  cores!: number;

  @Field(() => String, { description: 'Operating system and architecture: `linux x64`.' })
  platform!: string;
}

const ProfilingConnection = connectionType('Profiling', () => ProfilingType);

@Resolver(() => ProfilingType)
export class ProfilingResolver {
  @Query(() => ProfilingConnection, { description: 'Profiles that workers were asked to measure.' })
  profilings(@Ctx() context: Context, @Args(() => ProfilingListArgs) args: ProfilingListArgs) {
    return listProfilings(context, args);
  }

  @Query(() => ProfilingType, { nullable: true, description: 'Null if there is no such object.' })
  profiling(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('profiling', context, id);
  }

  @Query(() => [MachineType], {
    description:
      'On which profiles can be measured now: those with a worker of ONNX Runtime that takes work.',
  })
  machines(@Ctx() context: Context) {
    return machines(context);
  }

  @FieldResolver(() => ModelType)
  model(@Root() { modelId }: Profiling, @Ctx() context: Context) {
    return nodeAt('model', context, modelId);
  }

  @FieldResolver(() => DeviceType, { nullable: true, description: 'Null if there is none yet.' })
  device(@Root() { deviceId }: Profiling, @Ctx() context: Context) {
    return deviceId === null ? null : nodeAt('device', context, deviceId);
  }

  @FieldResolver(() => DeviceProfileType, { nullable: true, description: 'Null until it is measured.' })
  profile(@Root() { profileId }: Profiling, @Ctx() context: Context) {
    return profileId === null ? null : nodeAt('profile', context, profileId);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who asked; null if they no longer have an account.',
  })
  createdBy(@Root() { createdById }: Profiling, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @FieldResolver(() => Boolean)
  isOver(@Root() { state }: Profiling): boolean {
    return PROFILING_OVER.includes(state);
  }

  @FieldResolver(() => ProfilingProgressType)
  progress(@Root() { done, total, since, sinceDone: from, toldAt: at }: Profiling): ProfilingProgressType {
    return paceOf([{ done, total, since, from, at }]);
  }

  @Change(
    { profiling: () => ProfilingType },
    'Has a worker measure a profile of a model on its machine. The machine finishes its current job first, and takes no other meanwhile. Needs the role editor.',
  )
  measureProfile(
    @Ctx() context: Context,
    @Arg('modelId', () => ID) modelId: string,
    @Arg('machine', () => String, {
      nullable: true,
      description: 'Its host name, as `machines` has it; null for the only one that it can be.',
    })
    machine: string | null = null,
    @Arg('deviceId', () => ID, { nullable: true, description: 'Id of an existing device.' })
    deviceId: string | null = null,
    @Arg('deviceName', () => String, {
      nullable: true,
      description:
        'Name of an existing device or of a new one. With neither, the device is called like the machine.',
    })
    deviceName: string | null = null,
    @Arg('threads', () => Int, { nullable: true, description: 'Null: all cores of the machine.' })
    threads: number | null = null,
    @Arg('batch', () => Int, { defaultValue: 1, description: 'Images a run, 1 to 1024.' }) batch = 1,
    @Arg('structures', () => Int, {
      defaultValue: 40,
      description: 'Number of structures that times are fitted to, 2 to 1000; ten more are held out.',
    })
    structures = 40,
  ) {
    return measureProfile(context, { modelId, machine, deviceId, deviceName, threads, batch, structures });
  }

  @Change(
    { profiling: () => ProfilingType },
    'Cancels the measurement of a profile and discards it. Needs the role editor.',
  )
  cancelProfiling(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return cancelMeasuring(context, id);
  }
}

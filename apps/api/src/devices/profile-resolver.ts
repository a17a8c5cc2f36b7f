import { type StoredColumns, stored } from '@espalier/runs';
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
import { NodeType } from '../nodes/node-type.ts';
import { findNode, nodeAt } from '../nodes/nodes.ts';
import { UserType } from '../people/team-resolver.ts';
import { EngineEnum } from '../runs/engine-enum.ts';
import { DeviceType } from './device-resolver.ts';
import { listProfiles } from './devices.ts';
import { differencesAt } from './profile-differences.ts';
import { ProfileListArgs } from './profile-filter.ts';
import type { NarrowProfile } from './profile-source.ts';
import { registerProfile } from './register-profile.ts';
import { SelfCheckType, type SpeedupType } from './speedup-types.ts';

type Kind = StoredColumns['DeviceProfile']['kinds'][number];

@ObjectType('LayerKindTime', {
  description:
    'Times of layers that differ only in their channels. Milliseconds of one layer: constant + perInput * a + perOutput * b + perPair * a * b, with a its inputs and b its outputs, rounded up to steps.',
})
class LayerKindTimeType {
  @Field(() => String, { description: 'Operation, window / stride, size of its input and output image.' })
  layer!: string;

  @Field(() => Int, { description: 'Input channels are computed in blocks of this size.' })
  inputStep!: number;

  @Field(() => Int, { description: 'Output channels are computed in blocks of this size.' })
  outputStep!: number;

  @Field(() => Float, { description: 'Milliseconds.' })
  constant!: number;

  @Field(() => Float, { description: 'Milliseconds.' })
  perInput!: number;

  @Field(() => Float, { description: 'Milliseconds.' })
  perOutput!: number;

  @Field(() => Float, { description: 'Milliseconds.' })
  perPair!: number;

  @Field(() => Int, {
    description: 'Number of layers it was fitted to; 0: the engine has removed this operation.',
  })
  samples!: number;
}

function shownKind({ kind, steps, milliseconds, samples }: Kind): LayerKindTimeType {
  const [constant, perInput, perOutput, perPair] = milliseconds;
  return {
    ...{ layer: kind, samples, inputStep: steps.inputs, outputStep: steps.outputs },
    ...{ constant, perInput, perOutput, perPair },
  };
}

@ObjectType('HeldOutStructure', {
  description: 'A pruned structure that had no part in a profile, predicted and measured.',
})
class HeldOutStructureType {
  @Field(() => Float)
  predictedMs!: number;

  @Field(() => Float)
  measuredMs!: number;
}

@ObjectType('LatencyStair', { description: 'A network with the same share of every prunable group.' })
class LatencyStairType {
  @Field(() => Float, { description: 'Share of the channels of each group, 0..1.' })
  share!: number;

  @Field(() => Float, { description: 'Predicted time of a run.' })
  milliseconds!: number;
}

@ObjectType('WorkerIdentity', { description: 'A worker, as everybody in the team may see it.' })
class WorkerIdentityType {
  @Field(() => String, { name: 'machine', description: 'Its host name.' })
  host!: string;

  @Field(() => String, { description: 'Version of Espalier.' })
  version!: string;
}

@ObjectType('DeviceProfile', {
  implements: NodeType,
  description:
    'Times of the layers of one network at any width on a device, with one engine, number of threads and images per run. The time of every pruned structure is predicted from it.',
})
export class DeviceProfileType extends NodeType {
  @Field(() => String, { description: 'Hash of the file; `/files/<sha256>` has its bytes.' })
  sha256!: string;

  @Field(() => String, { description: 'Hash of graph and weights of the network that it was measured with.' })
  networkHash!: string;

  @Field(() => String, { description: 'Its name where it was measured.' })
  networkName!: string;

  @Field(() => EngineEnum)
  engine!: string;

  @Field(() => String)
  engineVersion!: string;

  @Field(() => Int)
  threads!: number;

  @Field(() => Int, { description: 'Images a run.' })
  batch!: number;

  @Field(() => Float, { description: 'Time of a run of the network as given, in milliseconds.' })
  baseMs!: number;

  @Field(() => Float, { description: 'Time with every prunable group at its smallest width.' })
  smallestMs!: number;

  @Field(() => Float, { description: 'Time that no layer accounts for.' })
  overheadMs!: number;

  @Field(() => Float, {
    description: 'Median error on structures that were not used to make it, relative to the measured time.',
  })
  errorMedian!: number;

  @Field(() => Float, { description: 'Like `errorMedian`, for the worst of them.' })
  errorWorst!: number;

  @Field(() => GraphQLISODateTime)
  measuredAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it came here.' })
  createdAt!: Date;
}

export const DeviceProfileConnection = connectionType('DeviceProfile', () => DeviceProfileType);

@Resolver(() => DeviceProfileType)
export class DeviceProfileResolver {
  @Query(() => DeviceProfileConnection, { description: 'Profiles of all devices of the team.' })
  deviceProfiles(@Ctx() context: Context, @Args(() => ProfileListArgs) args: ProfileListArgs) {
    return listProfiles(context, args);
  }

  @Query(() => DeviceProfileType, { nullable: true, description: 'Null if there is no such object.' })
  deviceProfile(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('profile', context, id);
  }

  @FieldResolver(() => DeviceType)
  device(@Root() { deviceId }: NarrowProfile, @Ctx() context: Context) {
    return nodeAt('device', context, deviceId);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who uploaded it; null if they no longer have an account.',
  })
  createdBy(@Root() { createdById }: NarrowProfile, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'Why it does not hold on the machines whose workers take work now: the differences in words, for the machine that differs least. Empty if there is a machine like its own; null if no worker takes work.',
  })
  async differences(
    @Root() profile: NarrowProfile,
    @Ctx() context: Context,
    @Arg('threads', () => Int, {
      nullable: true,
      description: 'The number of threads that it is to be used with.',
    })
    threads: number | null = null,
    @Arg('batch', () => Int, {
      nullable: true,
      description: 'The number of images per run that it is to be used with.',
    })
    batch: number | null = null,
  ) {
    const device = await nodeAt('device', context, profile.deviceId);
    if (!device) return null;
    const { cpu, cores, platform } = device;
    const places = await context.loaders.places.load('all');
    const use = { threads: threads ?? undefined, batch: batch ?? undefined };
    return differencesAt({ ...profile, cpu, cores, platform }, places, use);
  }

  @FieldResolver(() => WorkerIdentityType, {
    nullable: true,
    description: 'The worker that measured it, at `measuredAt`; null for an uploaded one.',
  })
  measuredBy(@Root() { workerId }: NarrowProfile, @Ctx() { loaders }: Context) {
    return workerId === null ? null : loaders.worker.load(workerId);
  }

  @FieldResolver(() => SelfCheckType)
  check(@Root() { checkRatio, checkLow, checkHigh }: NarrowProfile): SpeedupType {
    return { ratio: checkRatio, low: checkLow, high: checkHigh };
  }

  @FieldResolver(() => [LayerKindTimeType], {
    description: 'In the order in which they first appear in the network.',
  })
  async kinds(@Root() { id }: NarrowProfile, @Ctx() { loaders }: Context) {
    const parts = await loaders.profileParts.load(id);
    return parts ? stored('DeviceProfile', 'kinds', parts.kinds).map(shownKind) : [];
  }

  @FieldResolver(() => [HeldOutStructureType], {
    description: 'The structures that its errors were measured on.',
  })
  async heldOut(@Root() { id }: NarrowProfile, @Ctx() { loaders }: Context) {
    const parts = await loaders.profileParts.load(id);
    return parts ? stored('DeviceProfile', 'heldOut', parts.heldOut) : [];
  }

  @FieldResolver(() => [LatencyStairType], {
    nullable: true,
    description: 'From narrow to wide; null if the network was unknown when the profile was uploaded.',
  })
  async stairs(@Root() { id }: NarrowProfile, @Ctx() { loaders }: Context) {
    const parts = await loaders.profileParts.load(id);
    return parts && stored('DeviceProfile', 'stairs', parts.stairs);
  }

  @FieldResolver(() => String, { description: 'Where its file can be fetched.' })
  downloadUrl(@Root() { sha256 }: NarrowProfile): string {
    return `/files/${sha256}`;
  }

  @Change(
    { deviceProfile: () => DeviceProfileType },
    'Reads an uploaded profile, as espalier profile writes it. A new device is made if needed; an existing profile is returned. Needs the role editor.',
  )
  registerDeviceProfile(
    @Ctx() context: Context,
    @Arg('uploadId', () => ID) uploadId: string,
    @Arg('deviceId', () => ID, { nullable: true, description: 'Id of an existing device.' })
    deviceId?: string | null,
    @Arg('deviceName', () => String, {
      nullable: true,
      description: 'Name of an existing device or of a new one. Default: the name in the file.',
    })
    deviceName?: string | null,
    @Arg('modelId', () => ID, { nullable: true, description: 'Refused if it is not for this network.' })
    modelId?: string | null,
  ) {
    return registerProfile(context, {
      ...{ uploadId, deviceId: deviceId ?? null, deviceName: deviceName ?? null, modelId: modelId ?? null },
    });
  }
}

import type { EngineName } from '@espalier/engines';
import type { Measurement } from '@espalier/store';
import { GraphQLBigInt } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
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
import { MeasurementListArgs } from './measurement-filter.ts';
import { listMeasurements, recordMeasurements } from './record-measurements.ts';
import { removeMeasurements } from './remove-measurements.ts';
import { SelfCheckType, SpeedupType } from './speedup-types.ts';

@ObjectType('Measurement', {
  implements: NodeType,
  description: 'Times of a network on a device, with one engine, number of threads and images per run.',
})
export class MeasurementType extends NodeType {
  @Field(() => String, { description: 'Hash of graph and weights.' })
  networkHash!: string;

  @Field(() => String, { description: 'Its name where it was measured.' })
  networkName!: string;

  @Field(() => GraphQLBigInt, { description: 'Size of its file.' })
  bytes!: bigint;

  @Field(() => GraphQLBigInt)
  params!: bigint;

  @Field(() => GraphQLBigInt)
  macs!: bigint;

  @Field(() => EngineEnum)
  engine!: string;

  @Field(() => String)
  engineVersion!: string;

  @Field(() => Int)
  threads!: number;

  @Field(() => Int, { description: 'Images a run.' })
  batch!: number;

  @Field(() => Float, { description: 'Median time of a run, in milliseconds.' })
  p50Ms!: number;

  @Field(() => Float, { description: 'One run of ten was faster.' })
  p10Ms!: number;

  @Field(() => Float, { description: 'One run of ten was slower.' })
  p90Ms!: number;

  @Field(() => Float)
  imagesPerSecond!: number;

  @Field(() => Int, { description: 'Timed runs.' })
  repeats!: number;

  @Field(() => GraphQLBigInt, {
    description: 'The most that inputs, outputs and the values between the layers take at one time.',
  })
  activationBytes!: bigint;

  @Field(() => Float, { nullable: true, description: 'Predicted by a device profile; null without one.' })
  predictedMs!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Hash of the network that it was compared with, in turns; null for that network itself, and where nothing is compared.',
  })
  comparedHash!: string | null;

  @Field(() => String, { nullable: true, description: 'The same, by name.' })
  comparedName!: string | null;

  @Field(() => GraphQLISODateTime)
  measuredAt!: Date;

  @Field(() => GraphQLISODateTime, { description: 'When it came here.' })
  createdAt!: Date;
}

export const MeasurementConnection = connectionType('Measurement', () => MeasurementType);

@InputType('SpeedupInput', { description: 'A speed-up with the ends of its 95 % interval.' })
class SpeedupInput {
  @Field(() => Float)
  ratio!: number;

  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;
}

@InputType('MeasuredNetworkInput')
class MeasuredNetworkInput {
  @Field(() => String, { description: 'Hash of graph and weights.' })
  networkHash!: string;

  @Field(() => String)
  networkName!: string;
}

@InputType('MeasurementInput', {
  description: 'A measurement of one network with a number of threads and of images per run.',
})
class MeasurementInput extends MeasuredNetworkInput {
  @Field(() => GraphQLBigInt, { description: 'Size of its file.' })
  bytes!: bigint;

  @Field(() => GraphQLBigInt)
  params!: bigint;

  @Field(() => GraphQLBigInt)
  macs!: bigint;

  @Field(() => Int)
  threads!: number;

  @Field(() => Int, { description: 'Images a run.' })
  batch!: number;

  @Field(() => Float, { description: 'Median time of a run, in milliseconds.' })
  p50Ms!: number;

  @Field(() => Float)
  p10Ms!: number;

  @Field(() => Float)
  p90Ms!: number;

  @Field(() => Float)
  imagesPerSecond!: number;

  @Field(() => Int, { description: 'Timed runs.' })
  repeats!: number;

  @Field(() => GraphQLBigInt)
  activationBytes!: bigint;

  @Field(() => Float, { nullable: true, description: 'Predicted by a device profile.' })
  predictedMs: number | null = null;

  @Field(() => MeasuredNetworkInput, {
    nullable: true,
    description: 'The network that it was compared with, in turns.',
  })
  comparedWith: MeasuredNetworkInput | null = null;

  @Field(() => SpeedupInput, { nullable: true, description: 'How many times as fast as that network it is.' })
  speedup: SpeedupInput | null = null;

  @Field(() => SpeedupInput, {
    nullable: true,
    description: 'That network against itself, in the same turns.',
  })
  check: SpeedupInput | null = null;
}

@InputType('RecordMeasurementsInput')
class RecordMeasurementsInput {
  @Field(() => ID, { nullable: true, description: 'Id of an existing device.' })
  deviceId: string | null = null;

  @Field(() => String, { nullable: true, description: 'Name of an existing device or of a new one.' })
  deviceName: string | null = null;

  @Field(() => String, { description: 'Its processor.' })
  cpu!: string;

  @Field(() => Int)
  cores!: number;

  @Field(() => GraphQLBigInt, { nullable: true })
  memoryBytes: bigint | null = null;

  @Field(() => String, { description: 'Operating system and architecture: `linux x64`.' })
  platform!: string;

  @Field(() => EngineEnum)
  engine!: EngineName;

  @Field(() => String)
  engineVersion!: string;

  @Field(() => GraphQLISODateTime)
  measuredAt!: Date;

  @Field(() => [MeasurementInput])
  measurements!: MeasurementInput[];
}

@Resolver(() => MeasurementType)
export class MeasurementResolver {
  @Query(() => MeasurementConnection, { description: 'Measurements on all devices of the team.' })
  measurements(@Ctx() context: Context, @Args(() => MeasurementListArgs) args: MeasurementListArgs) {
    return listMeasurements(context, args);
  }

  @Query(() => MeasurementType, { nullable: true, description: 'Null if there is no such object.' })
  measurement(@Ctx() context: Context, @Arg('id', () => ID) id: string) {
    return findNode('measurement', context, id);
  }

  @FieldResolver(() => DeviceType)
  device(@Root() { deviceId }: Measurement, @Ctx() context: Context) {
    return nodeAt('device', context, deviceId);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'Who uploaded it; null if they no longer have an account.',
  })
  createdBy(@Root() { createdById }: Measurement, @Ctx() { loaders }: Context) {
    return createdById === null ? null : loaders.user.load(createdById);
  }

  @FieldResolver(() => SpeedupType, {
    nullable: true,
    description: 'How many times as fast it is as the network it was compared with.',
  })
  speedup(@Root() { ratio, ratioLow, ratioHigh }: Measurement): SpeedupType | null {
    return speedupOf(ratio, ratioLow, ratioHigh);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it is slower than the network it was compared with: its whole interval is below 1.',
  })
  isSlower(@Root() { ratioHigh }: Measurement): boolean {
    return ratioHigh !== null && ratioHigh < 1;
  }

  @FieldResolver(() => SelfCheckType, {
    nullable: true,
    description: 'The reference network against itself. Null if nothing was compared.',
  })
  check(@Root() { checkRatio, checkLow, checkHigh }: Measurement): SpeedupType | null {
    return speedupOf(checkRatio, checkLow, checkHigh);
  }

  @Change(
    { measurements: () => [MeasurementType] },
    'Stores measurements of `espalier measure` on a device; a new device is created. The same measurements are kept once. Needs the role editor.',
  )
  recordMeasurements(
    @Ctx() context: Context,
    @Arg('input', () => RecordMeasurementsInput) input: RecordMeasurementsInput,
  ) {
    const { engine: name, engineVersion: version, memoryBytes, measuredAt, measurements, ...rest } = input;
    return recordMeasurements(context, {
      ...{ ...rest, engine: { name, version } },
      ...{ deviceId: input.deviceId ?? null, deviceName: input.deviceName ?? null },
      ...(memoryBytes == null ? {} : { memory: Number(memoryBytes) }),
      measuredAt: measuredAt.toISOString(),
      measurements: measurements.map(plainMeasurement),
    });
  }

  @Change(
    { measurements: () => [MeasurementType] },
    'Removes a measurement permanently, with all that were sent together with it. Needs the role editor.',
  )
  removeMeasurements(@Ctx() context: Context, @Arg('measurementId', () => ID) measurementId: string) {
    return removeMeasurements(context, measurementId);
  }
}

/** With numbers, as a file has them, and null for what is left out. */
function plainMeasurement(given: MeasurementInput) {
  const { bytes, params, macs, activationBytes, predictedMs, comparedWith, speedup, check, ...rest } = given;
  return {
    ...rest,
    ...{ bytes: Number(bytes), params: Number(params), macs: Number(macs) },
    activationBytes: Number(activationBytes),
    ...{ predictedMs: predictedMs ?? null, comparedWith: comparedWith ?? null },
    ...{ speedup: speedup ?? null, check: check ?? null },
  };
}

function speedupOf(ratio: number | null, low: number | null, high: number | null): SpeedupType | null {
  return ratio === null || low === null || high === null ? null : { ratio, low, high };
}

// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { LatencyReport, MeasuredLatency } from '@espalier/pipeline';
import { Field, Float, GraphQLISODateTime, Int, ObjectType } from 'type-graphql';
import { SelfCheckType, SpeedupType } from '../devices/speedup-types.ts';
import { EngineEnum } from './engine-enum.ts';

@ObjectType('LatencyPair', { description: 'Times of a run of the cut network and of the unpruned one.' })
class LatencyPairType {
  @Field(() => Float)
  milliseconds!: number;

  @Field(() => Float)
  baseMilliseconds!: number;
}

@ObjectType('MeasuredLatency', {
  description:
    'The cut network and the unpruned one side by side, with the threads and images of the profile.',
})
class MeasuredLatencyType extends LatencyPairType {
  @Field(() => SpeedupType)
  speedup!: SpeedupType;

  @Field(() => SelfCheckType, {
    description: 'The unpruned network against itself: away from 1, the machine was too busy.',
  })
  check!: SpeedupType;
}

@ObjectType('ProfiledDevice', { description: 'The hardware and engine of a device profile.' })
class ProfiledDeviceType {
  @Field(() => String, { description: 'As a person calls it.' })
  name!: string;

  @Field(() => String, { description: 'Its processor.' })
  cpu!: string;

  @Field(() => Int)
  cores!: number;

  @Field(() => String, { description: 'Operating system and architecture: `linux x64`.' })
  platform!: string;

  @Field(() => EngineEnum)
  engine!: string;

  @Field(() => String)
  engineVersion!: string;

  @Field(() => Int)
  threads!: number;

  @Field(() => Int, { description: 'Images a run.' })
  batch!: number;

  @Field(() => GraphQLISODateTime)
  measuredAt!: Date;
}

@ObjectType('LatencyReport', {
  description: 'The predicted time of a cut network by a device profile, and the measured one.',
})
export class LatencyReportType {
  @Field(() => ProfiledDeviceType, { description: 'Whose profile it was.' })
  device!: ProfiledDeviceType;

  @Field(() => [String], {
    description: "How the worker's machine, engine and threads differ from those of the profile, in words.",
  })
  differences!: readonly string[];

  @Field(() => LatencyPairType)
  predicted!: LatencyPairType;

  @Field(() => MeasuredLatencyType, {
    nullable: true,
    description:
      "Measured by the worker if it runs on the profile's machine and latency was the target; else null.",
  })
  measured!: MeasuredLatencyType | null;

  @Field(() => Int, {
    description: 'Searches after the first one, because the measurement missed the target by more than 5 %.',
  })
  corrections!: number;
}

export function shownLatency(report: LatencyReport | null): LatencyReportType | null {
  if (report === null) return null;
  const { profile, differences, predicted, measured, corrections } = report;
  const { hash: _hash, device: name, measuredAt, ...device } = profile;
  return {
    device: { name, ...device, measuredAt: new Date(measuredAt) },
    ...{ differences, predicted: shownPair(predicted), corrections },
    measured: measured && {
      ...shownPair(measured),
      ...{ speedup: measured.speedup, check: measured.check },
    },
  };
}

function shownPair({ ms, baseMs }: Pick<MeasuredLatency, 'ms' | 'baseMs'>): LatencyPairType {
  return { milliseconds: ms, baseMilliseconds: baseMs };
}

// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { RUN_EVENTS, type RunEventData, type RunEventKind, readEvent } from '@espalier/runs';
import type { RunEvent, RunState } from '@espalier/store';
import { GraphQLBigInt } from 'graphql-scalars';
import {
  type ClassType,
  Field,
  Float,
  GraphQLISODateTime,
  Int,
  InterfaceType,
  ObjectType,
} from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import { PruningRoundType, shownRound } from '../runs/result-parts.ts';
import { RunStateEnum } from '../runs/run-enums.ts';

// A type for each kind of event. What the writers tell (packages/runs/src/life-cycle/event-data.ts) and what is shown
// are tied: a kind without its type, or a field that its type lacks, does not compile.

const UNKNOWN = 'unknown';
type ShownKind = RunEventKind | typeof UNKNOWN;

const KINDS: readonly ShownKind[] = [...(Object.keys(RUN_EVENTS) as RunEventKind[]), UNKNOWN];
const RunEventKindEnum = enumType('RunEventKind', KINDS, 'What happened to a run; there is a type for each.');

@InterfaceType('RunEvent', {
  description: "What happened to a run. A run's events are numbered without gaps.",
  resolveType: ({ kind }: RunEventType) => TYPES[kind],
})
export abstract class RunEventType {
  @Field(() => Int, { description: 'From 1.' })
  seq!: number;

  @Field(() => RunEventKindEnum, { description: 'There is a type for each.' })
  kind!: ShownKind;

  @Field(() => GraphQLISODateTime)
  createdAt!: Date;
}

/** What an event's type has to have: a field for each of its data, but for ids: they are edges (run-event-resolver.ts). */
type Shown<Kind extends RunEventKind> = Omit<
  Kind extends 'round' ? { readonly cut: PruningRoundType } : RunEventData[Kind],
  'clonedFrom' | 'workerId' | 'samplingRunId'
>;

/** An event as it is told: as unknown, what cannot be read as one of this version. */
export function shownEvent(row: RunEvent): RunEventType {
  const { seq, createdAt } = row;
  const told = readEvent(row) ?? { kind: UNKNOWN, name: row.kind };
  return { seq, createdAt, ...told, ...(told.kind === 'round' ? { cut: shownRound(told) } : {}) };
}

const implementing = { implements: RunEventType };

@ObjectType('CreatedEvent', { ...implementing, description: 'The run was made.' })
export class CreatedEventType extends RunEventType implements Shown<'created'> {
  @Field(() => RunStateEnum, { description: 'The first one.' })
  state!: RunState;

  @Field(() => String)
  allocation!: string;

  @Field(() => String)
  criterion!: string;

  @Field(() => Int)
  seed!: number;
}

@ObjectType('ClaimedEvent', { ...implementing, description: 'A worker has taken the run.' })
export class ClaimedEventType extends RunEventType implements Shown<'claimed'> {
  @Field(() => Int, { description: 'How often it was claimed or retried so far; 1 for the first attempt.' })
  claim!: number;
}

@ObjectType('SampledEvent', {
  ...implementing,
  description: 'The sampling that the run waited for is done: it is queued.',
})
export class SampledEventType extends RunEventType implements Shown<'sampled'> {}

@ObjectType('StateEvent', { ...implementing, description: 'The run has a new state.' })
class StateEventType extends RunEventType implements Shown<'state'> {
  @Field(() => RunStateEnum)
  state!: RunState;

  @Field(() => String, { nullable: true, description: 'Why it is queued again; null for other states.' })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it failed; null for other states.' })
  error!: string | null;

  @Field(() => Float, { nullable: true, description: 'On the test split, 0..1, once it is finished.' })
  top1!: number | null;

  @Field(() => GraphQLBigInt, {
    nullable: true,
    description: 'MACs of the pruned network, once the run is finished.',
  })
  macs!: number | null;
}

@ObjectType('RoundEvent', { ...implementing, description: 'A round of the search has cut.' })
class RoundEventType extends RunEventType implements Shown<'round'> {
  @Field(() => PruningRoundType)
  cut!: PruningRoundType;
}

@ObjectType('EpochEvent', { ...implementing, description: 'An epoch of training has ended.' })
class EpochEventType extends RunEventType implements Shown<'epoch'> {
  @Field(() => Float, { description: '1, 2, ... or a part of one at the end: 2.5.' })
  epoch!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean over its steps, nats; null if it is not a number.',
  })
  loss!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'On the search split, 0..1; null if that has no images.',
  })
  top1!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Rate at the last step; null if another tool did not report it.',
  })
  learningRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Null if it took no time, or if another tool did not report it.',
  })
  imagesPerSecond!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds of training only; null if another tool did not report them.',
  })
  seconds!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The round that it follows, from 1; null after the last cut.',
  })
  round!: number | null;
}

@ObjectType('ResumedEvent', {
  ...implementing,
  description: "Training continues from another worker's checkpoint.",
})
class ResumedEventType extends RunEventType implements Shown<'resumed'> {
  @Field(() => Int, { description: 'Steps that are done.' })
  step!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The round that it follows, from 1; null after the last cut.',
  })
  round!: number | null;
}

@ObjectType('RepairedEvent', {
  ...implementing,
  description:
    'The cut network was repaired, with rounds once after each. The run can continue from here on any machine.',
})
class RepairedEventType extends RunEventType implements Shown<'repaired'> {
  @Field(() => Int, { description: 'Training images.' })
  images!: number;

  @Field(() => Int, { description: 'Number of layers with new weights.' })
  layers!: number;

  @Field(() => Int, { description: 'Layers that were not repaired; its result says why.' })
  left!: number;
}

@ObjectType('CheckpointEvent', {
  ...implementing,
  description: 'Training can continue from here, on any machine.',
})
class CheckpointEventType extends RunEventType implements Shown<'checkpoint'> {
  @Field(() => Int, { description: 'Steps that are done.' })
  step!: number;
}

@ObjectType('WarningEvent', { ...implementing, description: 'Something worth knowing.' })
class WarningEventType extends RunEventType implements Shown<'warning'> {
  @Field(() => String)
  text!: string;
}

@ObjectType('UnknownEvent', {
  ...implementing,
  description: 'Something that another version of Espalier has written.',
})
class UnknownEventType extends RunEventType {
  @Field(() => String, { description: 'Name of the kind.' })
  name!: string;
}

const TYPES: { readonly [Kind in RunEventKind]: ClassType<RunEventType & Shown<Kind>> } & {
  readonly unknown: ClassType<UnknownEventType>;
} = {
  created: CreatedEventType,
  claimed: ClaimedEventType,
  sampled: SampledEventType,
  state: StateEventType,
  round: RoundEventType,
  epoch: EpochEventType,
  resumed: ResumedEventType,
  repaired: RepairedEventType,
  checkpoint: CheckpointEventType,
  warning: WarningEventType,
  unknown: UnknownEventType,
};

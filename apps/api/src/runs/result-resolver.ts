import { stored } from '@espalier/runs';
import type { Evidence } from '@espalier/store';
import { GraphQLBigInt } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { IntervalType } from '../devices/speedup-types.ts';
import { EvidenceEnum } from '../external/origin.ts';
import { RecomputationType } from '../external/recomputation-type.ts';
import type { Context } from '../graphql/context.ts';
import { fileTypeBy, ModelFormatEnum } from '../models/model-format-enum.ts';
import { aboutResult } from './about-result.ts';
import { resultFileName } from './file-name.ts';
import { LatencyReportType, shownLatency } from './latency-type.ts';
import { BaseNetworkType, RatioType } from './ratio-types.ts';
import { RepairedNetworkType, RepairType } from './repair-type.ts';
import {
  ProvenanceType,
  PrunedGroupType,
  PruningRoundType,
  RecoveryType,
  SearchStepType,
  StageSecondsType,
  shownGroups,
  shownProvenance,
  shownRecovery,
  shownRounds,
  shownSeconds,
  shownTrace,
} from './result-parts.ts';
import type { NarrowResult } from './run-loaders.ts';

@ObjectType('PrunedResult', { description: 'The network that a run made, and its quality.' })
export class PrunedResultType {
  @Field(() => String, {
    nullable: true,
    description: 'Hash of the file; null for an imported result whose network was not sent.',
  })
  sha256!: string | null;

  @Field(() => String, { nullable: true, description: 'Null if there is no network.' })
  networkHash!: string | null;

  @Field(() => GraphQLBigInt, {
    description: 'If `evidence` is REPORTED, the reported number; the same holds for `macs`.',
  })
  params!: bigint;

  @Field(() => GraphQLBigInt)
  macs!: bigint;

  @Field(() => Float, { description: 'Share of the params removed.' })
  savedParams!: number;

  @Field(() => Float, { description: 'Share of the MACs removed.' })
  savedMacs!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the time of a run removed, by the device profile of the experiment; null without one.',
  })
  savedLatency!: number | null;

  @Field(() => Float, { nullable: true, description: 'Right after the cut, on the whole test split.' })
  prunedTop1!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'After the repair, on the whole test split; null if there was none.',
  })
  repairedTop1!: number | null;

  @Field(() => Float, { nullable: true, description: 'As exported, on the whole test split.' })
  top1!: number | null;

  @Field(() => Float, { nullable: true, description: 'Null below 6 classes.' })
  top5!: number | null;

  @Field(() => Int, { nullable: true })
  images!: number | null;

  @Field(() => EvidenceEnum, {
    nullable: true,
    description: 'The evidence for an imported result; null for the platform’s own.',
  })
  evidence!: Evidence | null;

  @Field(() => Float, { nullable: true, description: 'Median of one image.' })
  latencyMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Images a second, in batches.' })
  throughput!: number | null;
}

@Resolver(() => PrunedResultType)
export class PrunedResultResolver {
  // Null if what is kept cannot be read: that is the error of this one field, and the rest of a list is told.

  @FieldResolver(() => [PrunedGroupType], {
    nullable: true,
    description:
      'The channel groups of the model, in its order; empty for an imported result without a known structure.',
  })
  async groups(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return shownGroups(await loaders.long.load(runId, 'structure'));
  }

  @FieldResolver(() => [SearchStepType], { nullable: true, description: 'The steps of the search.' })
  async trace(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return shownTrace(await loaders.long.load(runId, 'trace'));
  }

  @FieldResolver(() => [PruningRoundType], { nullable: true, description: 'Null if all was cut at once.' })
  async rounds(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return shownRounds(await loaders.long.load(runId, 'rounds'));
  }

  @FieldResolver(() => RecoveryType, {
    nullable: true,
    description: 'Null if nothing was trained between rounds.',
  })
  async recovery(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return shownRecovery(await loaders.long.load(runId, 'recovery'));
  }

  @FieldResolver(() => RepairType, {
    nullable: true,
    description: 'How the layers after the cut were repaired; null if they were not.',
  })
  async repair(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return loaders.long.load(runId, 'repair');
  }

  @FieldResolver(() => LatencyReportType, {
    nullable: true,
    description: 'Predicted by the device profile of the experiment; null without one.',
  })
  async latency(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return shownLatency(await loaders.long.load(runId, 'latency'));
  }

  @FieldResolver(() => IntervalType, {
    nullable: true,
    description: 'The interval of `ratio.latency` with 95 % confidence; null for old results.',
  })
  latencyInterval(@Root() { latencyLow: low, latencyHigh: high }: NarrowResult) {
    return low === null || high === null ? null : { low, high };
  }

  @FieldResolver(() => IntervalType, { nullable: true, description: 'The interval of `ratio.throughput`.' })
  throughputInterval(@Root() { throughputLow: low, throughputHigh: high }: NarrowResult) {
    return low === null || high === null ? null : { low, high };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The evaluator of an imported result: a tool, and a hash of the preprocessing. Null for the platform.',
  })
  evaluator(@Root() { engine, decoding }: NarrowResult) {
    return decoding === 0 ? engine : null;
  }

  @FieldResolver(() => RecomputationType, {
    nullable: true,
    description: "A worker's own evaluation of an imported network; null if there is none.",
  })
  recomputed(@Root() { recomputationId }: NarrowResult, @Ctx() { loaders }: Context) {
    return recomputationId === null ? null : loaders.recomputed.load(recomputationId);
  }

  @FieldResolver(() => ProvenanceType, { nullable: true })
  provenance(@Root() { provenance }: NarrowResult) {
    return shownProvenance(stored('PrunedResult', 'provenance', provenance));
  }

  @FieldResolver(() => [StageSecondsType], {
    nullable: true,
    description: 'Wall-clock of each stage, in their order.',
  })
  seconds(@Root() { seconds }: NarrowResult) {
    return shownSeconds(stored('PrunedResult', 'seconds', seconds));
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Wall-clock time of all; null if that was not kept.',
  })
  totalSeconds(@Root() { seconds }: NarrowResult) {
    return stored('PrunedResult', 'seconds', seconds).total ?? null;
  }

  @FieldResolver(() => BaseNetworkType, {
    description: 'The unpruned network, measured at the same time.',
  })
  async base(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.base;
  }

  @FieldResolver(() => GraphQLBigInt, {
    nullable: true,
    description: 'Size of the ONNX file; null if the network was not sent.',
  })
  async bytes(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.bytes;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'The top-1 of `base` minus its own: 0.01 is one point lost. Null if one is unknown.',
  })
  async drop(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.drop;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Value of the exported network in the metric of the experiment, on the whole test split; null if it is not a number.',
  })
  async value(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.value;
  }

  @FieldResolver(() => Float, { nullable: true, description: 'The same right after the cut.' })
  async prunedValue(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.prunedValue;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'The same after the repair; null if there was none.',
  })
  async repairedValue(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.repairedValue;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'How much worse than `base` it is in the metric; negative if it is better.',
  })
  async valueDrop(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.valueDrop;
  }

  @FieldResolver(() => RatioType)
  async ratio(@Root() { runId }: NarrowResult, @Ctx() { loaders }: Context) {
    return (await aboutResult(loaders, runId))?.ratio;
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Nats; null if it is not a number.' })
  loss(@Root() { loss }: NarrowResult): number | null {
    return Number.isFinite(loss) ? loss : null;
  }

  @FieldResolver(() => Boolean, { description: 'The loss is not a number.' })
  diverged(@Root() { loss }: NarrowResult): boolean {
    return loss !== null && !Number.isFinite(loss);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Address of the network; its `name` has model, strategy, target, seed and run. Null if there is no network.',
  })
  async downloadUrl(
    @Root() { sha256, runId }: NarrowResult,
    @Ctx() { loaders }: Context,
  ): Promise<string | null> {
    if (sha256 === null) return null;
    const about = await aboutResult(loaders, runId);
    return `/files/${sha256}?${new URLSearchParams({ name: about ? resultFileName(about) : runId })}`;
  }

  @FieldResolver(() => ModelFormatEnum, {
    nullable: true,
    description:
      'What the network is written as: what the model came as, if it can hold the network, else ONNX. A model of Keras becomes a graph model of TensorFlow.js. Null if it was not sent.',
  })
  async format(@Root() { sha256 }: NarrowResult, @Ctx() { loaders }: Context) {
    return sha256 === null ? null : (await fileTypeBy(loaders, sha256)).format;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'How its file ends: .onnx or .zip. Null if it was not sent.',
  })
  async extension(@Root() { sha256 }: NarrowResult, @Ctx() { loaders }: Context) {
    return sha256 === null ? null : (await fileTypeBy(loaders, sha256)).extension;
  }

  @FieldResolver(() => RepairedNetworkType, {
    nullable: true,
    description:
      'The repaired network, before training; null if the run ends with it, if it was not repaired, and for older runs that did not keep it.',
  })
  async repaired(
    @Root() { runId }: NarrowResult,
    @Ctx() { loaders }: Context,
  ): Promise<RepairedNetworkType | null> {
    const [kept, about] = await Promise.all([loaders.repaired.load(runId), aboutResult(loaders, runId)]);
    if (!kept) return null;
    const name = `${about ? resultFileName(about) : runId}-repaired`;
    return { sha256: kept.sha256, downloadUrl: `/files/${kept.sha256}?${new URLSearchParams({ name })}` };
  }
}

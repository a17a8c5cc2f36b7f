import type {
  ApiKey,
  AuditEntry,
  BaseEvaluation,
  Benchmark,
  Dataset,
  DatasetSplit,
  Device,
  DeviceProfile,
  EpochMetric,
  Experiment,
  Invitation,
  Measurement,
  Model,
  Profiling,
  Project,
  PrunedResult,
  PublicLink,
  PublishedResult,
  Recomputation,
  Run,
  RunEvent,
  SamplingRun,
  SavedView,
  ShippedRun,
  Team,
  Upload,
  User,
  Webhook,
  WebhookDelivery,
  Worker,
} from '@espalier/store';
import { it } from 'vitest';
import type { AuditEntryType } from '../audit/audit-resolver.ts';
import type { BenchmarkType } from '../benchmarks/benchmark-resolver.ts';
import type { DatasetType } from '../datasets/dataset-resolver.ts';
import type { DatasetSplitType } from '../datasets/dataset-split.ts';
import type { DeviceType } from '../devices/device-resolver.ts';
import type { MeasurementType } from '../devices/measurement-resolver.ts';
import type { DeviceProfileType } from '../devices/profile-resolver.ts';
import type { ProfilingType } from '../devices/profiling-resolver.ts';
import type { RunEventType } from '../events/run-event-types.ts';
import type { ExperimentType } from '../experiments/experiment-resolver.ts';
import type { RecomputationType } from '../external/recomputation-type.ts';
import type { UploadType } from '../files/upload-resolver.ts';
import type { BaseEvaluationType, ModelType } from '../models/model-resolver.ts';
import type { WorkerType } from '../operations/operations-resolver.ts';
import type { InvitationType } from '../people/member-resolver.ts';
import type { ApiKeyType } from '../people/people-resolver.ts';
import type { TeamType, UserType } from '../people/team-resolver.ts';
import type { ProjectType } from '../projects/project-resolver.ts';
import type { PublicLinkType } from '../public/link-resolver.ts';
import type { PublishedResultType } from '../published/published-resolver.ts';
import type { EpochType } from '../runs/epoch-type.ts';
import type { PrunedResultType } from '../runs/result-resolver.ts';
import type { RunType } from '../runs/run-resolver.ts';
import type { ShippedRunType } from '../runs/shipped-resolver.ts';
import type { SamplingRunType } from '../sampling/sampling-resolver.ts';
import type { SavedViewType } from '../views/view-resolver.ts';
import type { WebhookDeliveryType, WebhookType } from '../webhooks/webhook-resolver.ts';
import { tied } from './row.ts';

// The types are the test: where a class and its row drift apart, this file does not compile. `data` of an entry of the
// log and `kind` of an event are told by resolvers in other types; what others published may come from a file, which has
// no time of its own.

it('a class of the schema has the columns of its row, each with its type, but those that are named here', () => {
  tied<ApiKeyType, ApiKey, 'teamId' | 'userId' | 'hash' | 'projectIds' | 'revokedAt'>();
  tied<Omit<AuditEntryType, 'data'>, AuditEntry, 'teamId' | 'actor' | 'subject' | 'key' | 'data'>();
  tied<BaseEvaluationType, BaseEvaluation, 'id' | 'createdAt' | 'modelId' | 'engine' | 'decoding' | 'hits'>();
  tied<BenchmarkType, Benchmark, 'teamId' | 'deletedAt' | 'spec'>();
  tied<DatasetType, Dataset, 'teamId' | 'deletedAt' | 'builtIn' | 'sha256' | 'sheetSha256' | 'sheet'>();
  tied<DatasetSplitType, DatasetSplit, 'datasetId'>();
  tied<DeviceType, Device, 'teamId' | 'deletedAt'>();
  tied<
    DeviceProfileType,
    DeviceProfile,
    | 'teamId'
    | 'deletedAt'
    | 'deviceId'
    | 'createdById'
    | 'workerId'
    | 'checkRatio'
    | 'checkLow'
    | 'checkHigh'
    | 'kinds'
    | 'heldOut'
    | 'stairs'
  >();
  tied<Required<EpochType>, EpochMetric, 'runId'>();
  tied<
    ExperimentType,
    Experiment,
    | 'teamId'
    | 'modelId'
    | 'deletedAt'
    | 'datasetId'
    | 'projectId'
    | 'createdById'
    | 'recipe'
    | 'benchmarkId'
    | 'section'
    | 'qualityMetric'
    | 'outputWeights'
    | 'profileId'
  >();
  tied<InvitationType, Invitation, 'teamId' | 'hash' | 'revokedAt' | 'invitedById' | 'acceptedAt'>();
  tied<
    MeasurementType,
    Measurement,
    | 'teamId'
    | 'deviceId'
    | 'createdById'
    | 'hash'
    | 'place'
    | 'ratio'
    | 'ratioLow'
    | 'ratioHigh'
    | 'checkRatio'
    | 'checkLow'
    | 'checkHigh'
  >();
  tied<
    ModelType,
    Model,
    'teamId' | 'deletedAt' | 'projectId' | 'summary' | 'metadata' | 'metadataBeside' | 'readAs'
  >();
  tied<
    ProfilingType,
    Profiling,
    | 'teamId'
    | 'modelId'
    | 'deviceId'
    | 'profileId'
    | 'workerId'
    | 'createdById'
    | 'claim'
    | 'ticket'
    | 'done'
    | 'total'
    | 'since'
    | 'sinceDone'
    | 'toldAt'
  >();
  tied<ProjectType, Project, 'teamId' | 'deletedAt'>();
  tied<
    PrunedResultType,
    PrunedResult,
    | 'runId'
    | 'createdAt'
    | 'value'
    | 'prunedValue'
    | 'repairedValue'
    | 'latencyLow'
    | 'latencyHigh'
    | 'throughputLow'
    | 'throughputHigh'
    | 'engine'
    | 'decoding'
    | 'hits'
    | 'loss'
    | 'seconds'
    | 'structure'
    | 'trace'
    | 'prunedLoss'
    | 'prunedHits'
    | 'repairedLoss'
    | 'repairedHits'
    | 'repair'
    | 'latency'
    | 'baseLatencyMs'
    | 'baseThroughput'
    | 'rounds'
    | 'recovery'
    | 'provenance'
    | 'recomputationId'
  >();
  tied<PublicLinkType, PublicLink, 'teamId' | 'subjectId' | 'runIds' | 'hash' | 'page' | 'createdById'>();
  tied<
    RecomputationType,
    Recomputation,
    'id' | 'teamId' | 'runId' | 'datasetId' | 'workerId' | 'claim' | 'ticket' | 'decoding'
  >();
  tied<
    Omit<Required<PublishedResultType>, 'createdAt'>,
    PublishedResult,
    'teamId' | 'deletedAt' | 'createdById' | 'createdAt'
  >();
  tied<
    RunType,
    Run,
    | 'teamId'
    | 'deletedAt'
    | 'recovery'
    | 'source'
    | 'structure'
    | 'ownSetting'
    | 'createdById'
    | 'experimentId'
    | 'samplingRunId'
    | 'cancelAsked'
    | 'workerId'
    | 'claim'
    | 'lastWrite'
    | 'ticket'
    | 'heartbeatAt'
    | 'computeSeconds'
    | 'done'
    | 'total'
    | 'since'
    | 'sinceDone'
  >();
  tied<Omit<RunEventType, 'kind'>, RunEvent, 'runId' | 'data' | 'position' | 'kind'>();
  tied<
    SamplingRunType,
    SamplingRun,
    | 'key'
    | 'modelId'
    | 'engine'
    | 'datasetId'
    | 'seconds'
    | 'datasetHash'
    | 'allowInexact'
    | 'networkHash'
    | 'groups'
    | 'teamId'
    | 'projectId'
    | 'order'
    | 'externalMetric'
    | 'source'
    | 'qualityMetric'
    | 'outputWeights'
  >();
  tied<ShippedRunType, ShippedRun, 'runId' | 'shippedById'>();
  tied<SavedViewType, SavedView, 'teamId' | 'userId'>();
  tied<TeamType, Team, 'slug'>();
  tied<UploadType, Upload, 'teamId' | 'fileName' | 'apiKeyId' | 'sha256' | 'createdAt' | 'completedAt'>();
  tied<UserType, User, 'image' | 'createdAt' | 'updatedAt' | 'emailVerified' | 'emailSince' | 'operator'>();
  tied<WebhookType, Webhook, 'teamId' | 'secret' | 'oldSecret' | 'createdById'>();
  tied<WebhookDeliveryType, WebhookDelivery, 'webhookId' | 'subjectId' | 'sendingUntil' | 'nextAt'>();
  tied<WorkerType, Worker, 'pid'>();
});

it('a drift is none that compiles', () => {
  type Row = { id: string; top1: number | null; secret: string };
  tied<{ id: string; top1: number | null }, Row, 'secret'>();
  // @ts-expect-error: a column that nobody decided on
  tied<{ id: string; top1: number | null }, Row>();
  // @ts-expect-error: a field without a column
  tied<{ id: string; top1: number | null; top5: number }, Row, 'secret'>();
  // @ts-expect-error: what may be null is not told as if it never were
  tied<{ id: string; top1: number }, Row, 'secret'>();
  // @ts-expect-error: another type
  tied<{ id: number; top1: number | null }, Row, 'secret'>();
  // @ts-expect-error: what is left out is not shown
  tied<{ id: string; top1: number | null; secret: string }, Row, 'secret'>();
});

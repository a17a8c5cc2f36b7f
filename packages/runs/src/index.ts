export {
  type Claim,
  claimRun,
  LostClaim,
  lockedRun,
  writeRun,
} from './claims/claims.ts';
export { isUnreachable, patiently } from './claims/patience.ts';
export {
  beginMeasuring,
  claimProfiling,
  endProfiling,
  failProfiling,
  giveBackProfiling,
  isLeased,
  othersAtWork,
  PROFILING_LEASE,
  PROFILING_OVER,
  writeProfiling,
} from './claims/profilings.ts';
export {
  type ClaimedRecomputation,
  claimRecomputation,
  endRecomputation,
  failRecomputation,
  giveBackRecomputation,
  giveUpRecomputation,
} from './claims/recomputations.ts';
export {
  type ClaimedShard,
  claimShard,
  endSampling,
  endShard,
  failSampling,
  giveBackShard,
} from './claims/shards.ts';
export {
  type ExternalMetric,
  type ModelSummary,
  type ResultProvenance,
  type ResultSource,
  type StoredColumns,
  type StoredRound,
  type SummaryLayer,
  stored,
  written,
} from './columns.ts';
export { findDevice, knownDevice, lockDevices, makeDevice } from './devices/device.ts';
export { type ProfilingMachine, placesAtWork, profilingMachines } from './devices/machines.ts';
export { PROFILE_MEDIA_TYPE, profileRow } from './devices/profile-row.ts';
export {
  type NewEvent,
  RUN_EVENTS,
  type RunEventData,
  type RunEventKind,
  readEvent,
  type ToldEvent,
} from './life-cycle/event-data.ts';
export {
  announceProgress,
  appendEvent,
  CANCEL_CHANNEL,
  EVENTS_CHANNEL,
  PROGRESS_CHANNEL,
} from './life-cycle/events.ts';
export { isAtWork, isOver, OVER } from './life-cycle/life-cycle.ts';
export { NOTHING_TOLD, type Pace, type Progress, paceOf, told } from './life-cycle/progress.ts';
export { addEpochs, beginRecorded, finishRecorded, type RecordedEpoch } from './life-cycle/recorded.ts';
export { STAGE_EVENTS, STAGE_STATES, type Stage, type StageState, stagesOf } from './life-cycle/stages.ts';
export { transition } from './life-cycle/transition.ts';
export { arrayOf, type SampledCell, writeMatrices } from './matrices.ts';
export { plain } from './plain.ts';
export {
  ENGINES,
  engineOf,
  GIVEN_UP_QUEUE,
  JOB_KINDS,
  type Job,
  type JobKind,
  jobSchema,
  machineQueue,
  type ProfilingJob,
  queueOf,
  type RecomputeJob,
  type RunJob,
  type ShardJob,
} from './queue/jobs.ts';
export { DEFAULT_TEAM_RUNS, NoQueue, Queue } from './queue/queue.ts';
export { sendRuns } from './queue/send.ts';
export { jobsAhead, type QueueState, queueState } from './queue/state.ts';
export { book, type Standing } from './queue/use.ts';
export { cancelRuns } from './schedule/cancel.ts';
export { cloneRun, editedSpec, type RunEdits } from './schedule/clone.ts';
export {
  type Conditions,
  judgedBy,
  metadataOf,
  planOf,
  type RunPlan,
  type RunSpec,
  readAsOf,
  specOf,
} from './schedule/plan.ts';
export { setPriority } from './schedule/priority.ts';
export { cancelProfiling, startProfiling } from './schedule/profiling.ts';
export { cancelRecomputation, startRecomputation } from './schedule/recompute.ts';
export { retryRuns } from './schedule/retry.ts';
export { SCHEDULING, withContext } from './schedule/scheduling.ts';
export { type Author, startRuns } from './schedule/start.ts';
export { doneMessage } from './webhooks/experiment-done.ts';
export { WEBHOOK_EVENTS, WEBHOOKS_CHANNEL, webhookMessage } from './webhooks/message.ts';
export { announceDeliveries, putDeliveries, tellMayBeDone } from './webhooks/outbox.ts';
export { announceWorker, takersByEngine, WORKERS_CHANNEL, type WorkerState, workerState } from './workers.ts';

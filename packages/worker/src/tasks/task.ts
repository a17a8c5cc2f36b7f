import type { EngineName } from '@espalier/engines';
import type { DeviceProfile, Stair } from '@espalier/latency';
import type { Observer, PrunePlan, PruneResult, Quality, RepairSummary, Workplace } from '@espalier/pipeline';
import type { SamplingRun, SweepShard } from '@espalier/pruning';

// What a worker hands to its child process and gets back. Plain data: it goes through a pipe.

/** A repaired network in a file, and how it was repaired. */
export interface KeptRepair {
  /** Of all that decides it. */
  readonly key: string;
  readonly file: string;
  readonly summary: RepairSummary;
}

/** Who hears of a task, and keeps what must be safe before it goes on. */
export interface TaskObserver extends Observer {
  readonly keepRepair?: (repair: KeptRepair) => Promise<void>;
}

interface Placed {
  readonly place: Pick<Workplace, 'home' | 'derived' | 'engine' | 'threads'>;
}

interface Common extends Placed {
  readonly plan: PrunePlan;
}

/** One share of the sampling that a plan uses. */
export interface ShardTask extends Common {
  readonly kind: 'shard';
  readonly share: SweepShard['shard'];
}

/** Everything of a run that follows the sampling that it shares with others. */
export interface RunTask extends Common {
  readonly kind: 'run';
  readonly sweep: SamplingRun | null;
  /** Where an earlier attempt was with the training, maybe on another machine. */
  readonly checkpoint: string | null;
  /** What earlier attempts have repaired, maybe on another machine; null if nobody keeps it. */
  readonly repairs: readonly KeptRepair[] | null;
  /** Where the pruned network goes; what is written on the way is beside it. */
  readonly out: string;
}

/** A network by itself, on the test split. */
export interface EvaluateTask extends Placed {
  readonly kind: 'evaluate';
  readonly model: PrunePlan['model'];
  readonly data: NonNullable<PrunePlan['data']>;
  /** So many drawn ones, always the same; at least so many as there are: all. */
  readonly images: number;
}

/** A device profile of this machine. */
export interface ProfilingTask extends Placed {
  readonly kind: 'profiling';
  readonly model: PrunePlan['model'];
  /** What it is called. */
  readonly device: string;
  /** Images per run. */
  readonly batch: number;
  /** That times are found by. */
  readonly structures: number;
  /** Where to keep what was measured, and to find what an earlier attempt has. */
  readonly journal: string;
}

/** Which engine `auto` is on this machine. */
interface EngineTask {
  readonly kind: 'engine';
}

interface ShardResult {
  readonly kind: 'shard';
  readonly shard: SweepShard;
}

interface RunResult {
  readonly kind: 'run';
  readonly result: PruneResult;
}

interface EvaluateResult {
  readonly kind: 'evaluate';
  readonly quality: Quality;
  /** Their places in the split, in the order of the evaluation; null for all. */
  readonly drawn: readonly number[] | null;
  readonly seconds: number;
}

interface ProfilingResult {
  readonly kind: 'profiling';
  readonly profile: DeviceProfile;
  readonly stairs: readonly Stair[];
}

interface EngineResult {
  readonly kind: 'engine';
  readonly name: EngineName;
}

export type Task = ShardTask | RunTask | EvaluateTask | ProfilingTask | EngineTask;
export type TaskResult = ShardResult | RunResult | EvaluateResult | ProfilingResult | EngineResult;

import type { EngineName } from '@espalier/engines';
import type { PrunePlan, PruneResult, Workplace } from '@espalier/pipeline';
import type { SamplingRun, SweepShard } from '@espalier/pruning';

// What a worker hands to its child process and gets back. Plain data: it goes through a pipe.

interface Common {
  readonly plan: PrunePlan;
  readonly place: Pick<Workplace, 'home' | 'derived' | 'engine' | 'threads'>;
}

/** One share of the sampling that a plan goes by. */
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
  /** Where the pruned network goes. */
  readonly out: string;
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

interface EngineResult {
  readonly kind: 'engine';
  readonly name: EngineName;
}

export type Task = ShardTask | RunTask | EngineTask;
export type TaskResult = ShardResult | RunResult | EngineResult;

import type { EpochReport, Evaluation, Recipe } from '@espalier/engines';
import type { Pruned, Round, SamplingRun, SearchStep, SweepShard, Target } from '@espalier/pruning';

// What a worker hands to its child process and gets back. Plain data: it goes through a pipe.

/** The network and the images of a task. */
export interface Subject {
  /** An ONNX file that the worker has at hand. */
  readonly model: string;
  /** A name that every worker knows, a folder, or a packed file. */
  readonly dataset: string;
  /** What it is called in messages. */
  readonly datasetName: string;
  /** Of decoded images, sampled units and checkpoints. */
  readonly home: string;
  readonly engine: string;
  readonly threads: number;
}

export interface ShardTask extends Subject {
  readonly kind: 'shard';
  readonly criterion: string;
  readonly grid: readonly number[];
  readonly samples: number;
  /** Images of the sample's order that are left out before the first. Default 0. */
  readonly skip?: number;
  readonly seed: number;
  readonly allowInexact: boolean;
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

export interface ShardResult {
  readonly kind: 'shard';
  readonly shard: SweepShard;
}

export interface RunTask extends Subject {
  readonly kind: 'run';
  readonly allocation: string;
  readonly criterion: string;
  readonly target: Target;
  readonly seed: number;
  readonly sweep: SamplingRun | null;
  /** How an allocation that samples by itself is to do it. */
  readonly sampling: {
    readonly grid: readonly number[];
    readonly samples: number;
    /** See {@link ShardTask.skip}. */
    readonly skip?: number;
    /** Draws the images. */
    readonly seed: number;
  };
  readonly recipe: Recipe | null;
  readonly recalibrate: number | null;
  /** Where an earlier attempt was with the training, maybe on another machine. */
  readonly checkpoint: string | null;
  /** Whether nobody has tested the unpruned network yet. */
  readonly testBase: boolean;
  /** Whether latencies are measured, which beside other computing mean nothing. Default true. */
  readonly timed?: boolean;
  /** Where the pruned network goes. */
  readonly out: string;
}

export interface Quality extends Pick<Evaluation, 'top1' | 'top5' | 'loss' | 'n'> {
  /** Which images of the split are classified right: the bitmap of the evaluation, base64. */
  readonly hits: string;
}

export interface RunResult {
  readonly kind: 'run';
  readonly networkHash: string;
  readonly params: number;
  readonly macs: number;
  readonly saved: { readonly params: number; readonly macs: number };
  readonly structure: Pruned['structure'];
  readonly trace: readonly SearchStep[];
  /** Of an allocation that samples by itself. */
  readonly rounds: readonly Round[] | null;
  /** The unpruned network on the test split, where it was to be tested. */
  readonly base: Quality | null;
  /** Right after the cut, on the test split. */
  readonly pruned: Quality;
  /** As exported, on the test split. */
  readonly after: Quality;
  /** Median latencies of one image; null where they were not measured. */
  readonly latencyMs: number | null;
  readonly baseLatencyMs: number | null;
  /** Images a second, in batches; null where it was not measured. */
  readonly throughput: number | null;
  readonly baseThroughput: number | null;
  readonly engine: string;
  readonly seconds: Readonly<Record<string, number>>;
}

export type Task = ShardTask | RunTask;
export type TaskResult = ShardResult | RunResult;

export type Stage = 'searching' | 'pruning' | 'finetuning' | 'evaluating' | 'measuring' | 'exporting';

/** What a task tells while it works. */
export interface TaskReports {
  readonly stage: (stage: Stage) => void;
  readonly progress: (done: number, total: number) => void;
  readonly epoch: (epoch: EpochReport) => void;
  /** A checkpoint that is worth keeping elsewhere: a file that a later one replaces as a whole. */
  readonly checkpoint: (file: string, step: number) => void;
  /** The training goes on at a step, with these epochs behind it. */
  readonly resumed: (step: number, epochs: readonly EpochReport[]) => void;
}

/** Of a task that nobody watches. */
export const silentReports: TaskReports = {
  stage: () => {},
  progress: () => {},
  epoch: () => {},
  checkpoint: () => {},
  resumed: () => {},
};

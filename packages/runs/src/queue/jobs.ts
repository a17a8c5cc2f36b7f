import type { EngineName } from '@espalier/engines';
import { z } from 'zod';

// What is in the queue: ids only. The tables say what is to be done; a job just says that there is something.

const common = {
  /** Whose turn it takes. */
  teamId: z.string().default(''),
  /** Only the job with the row's ticket claims it: one that was sent earlier finds that it is late. */
  ticket: z.int().min(0).default(0),
};
const shardJob = z.object({
  kind: z.literal('shard'),
  samplingRunId: z.string(),
  index: z.int().min(0),
  ...common,
});
const profilingJob = z.object({ kind: z.literal('profiling'), profilingId: z.string(), ...common });
const runJob = z.object({ kind: z.literal('run'), runId: z.string(), ...common });
const recomputeJob = z.object({ kind: z.literal('recompute'), recomputationId: z.string(), ...common });

/**
 * One share of a sampling run, everything of a run that follows sampling, the evaluation of an imported network,
 * or a profile to measure.
 */
export const jobSchema = z.discriminatedUnion('kind', [shardJob, runJob, recomputeJob, profilingJob]);

export type ShardJob = z.infer<typeof shardJob>;
export type RunJob = z.infer<typeof runJob>;
export type RecomputeJob = z.infer<typeof recomputeJob>;
export type ProfilingJob = z.infer<typeof profilingJob>;
export type Job = z.infer<typeof jobSchema>;
export type JobKind = Job['kind'];
export const JOB_KINDS: readonly JobKind[] = ['shard', 'run', 'recompute', 'profiling'];

/** One queue for shares and runs: a worker does one thing at a time, with all of its cores. Numbers depend on the engine. */
const QUEUE_OF: Readonly<Record<EngineName, string>> = {
  onnxruntime: 'work',
  tensorflow: 'work-tensorflow',
};
export const ENGINES = Object.keys(QUEUE_OF) as EngineName[];
export const QUEUES = Object.values(QUEUE_OF);

export function queueOf(engine: EngineName): string {
  return QUEUE_OF[engine];
}

/** What queues of machines begin with. */
export const MACHINE_PREFIX = 'machine/';

/** The queue of what only this machine's workers can do. */
export function machineQueue(host: string): string {
  // Queues have names of letters, digits and some signs; of hosts nothing else is usual.
  return `${MACHINE_PREFIX}${host.replaceAll(/[^\w.-]/g, '_')}`;
}

/** Of a run or a sampling: one from before engines were chosen is ONNX Runtime's. */
export function engineOf({ engine }: { readonly engine: string | null }): EngineName {
  return ENGINES.find((name) => name === engine) ?? 'onnxruntime';
}
/** Where jobs go that were tried too often. */
export const GIVEN_UP_QUEUE = 'given-up';

import { z } from 'zod';

// What lies in the queue: ids only. The tables say what is to be done; a job just says that there is something.

/** One share of a sampling run. */
export const shardJob = z.object({ samplingRunId: z.string(), index: z.int().min(0) });
export type ShardJob = z.infer<typeof shardJob>;

/** Everything of a run that follows sampling. */
export const runJob = z.object({ runId: z.string() });
export type RunJob = z.infer<typeof runJob>;

export const QUEUES = { shards: 'sample-shards', runs: 'runs' } as const;

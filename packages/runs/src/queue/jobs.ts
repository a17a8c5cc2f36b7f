import { z } from 'zod';

// What lies in the queue: ids only. The tables say what is to be done; a job just says that there is something.

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
const runJob = z.object({ kind: z.literal('run'), runId: z.string(), ...common });

/** One share of a sampling run, or everything of a run that follows sampling. */
export const jobSchema = z.discriminatedUnion('kind', [shardJob, runJob]);

export type ShardJob = z.infer<typeof shardJob>;
export type RunJob = z.infer<typeof runJob>;
export type Job = z.infer<typeof jobSchema>;

/** One queue for both: a worker does one thing at a time, with all of its cores. */
export const QUEUE = 'work';
/** Where jobs go that were tried too often. */
export const GIVEN_UP_QUEUE = 'given-up';

import { giveUpRecomputation, type Job } from '@espalier/runs';
import { GIVEN_UP, type WorkerContext } from './handler.ts';
import { giveUpProfiling } from './profiling.ts';
import { giveUpRun } from './run.ts';
import { giveUpShard } from './shard.ts';

/** Ends what a job was about that killed its workers again and again. */
export function giveUp(context: WorkerContext, job: Job): Promise<void> {
  switch (job.kind) {
    case 'shard':
      return giveUpShard(context, job);
    case 'run':
      return giveUpRun(context, job);
    case 'recompute':
      return giveUpRecomputation(context.database.prisma, job, GIVEN_UP);
    case 'profiling':
      return giveUpProfiling(context, job);
  }
}

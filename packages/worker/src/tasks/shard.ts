import { findCriterion, sampleShard } from '@espalier/pruning';
import { analyse, onBench } from './bench.ts';
import type { ShardResult, ShardTask, TaskReports } from './task.ts';

/** Samples one share of the images of a sweep. */
export function sampleShardTask(
  task: ShardTask,
  reports: TaskReports,
  signal: AbortSignal,
): Promise<ShardResult> {
  return onBench(task, async (bench) => {
    const { network, dataset, engine } = bench;
    const { map, criterion, rankings, cost } = await analyse(bench, task, task, signal);
    const [shard] = await sampleShard(
      {
        network,
        map,
        allowInexact: task.allowInexact,
        criteria: [{ criterion: findCriterion(criterion), rankings, cost }],
        dataset,
        engine,
        grid: task.grid,
        samples: task.samples,
        skip: task.skip ?? 0,
        seed: task.seed,
        home: task.home,
        // The worker's processes are what fills the cores.
        tuning: { processes: 1 },
        onProgress: ({ done, total }) => reports.progress(done, total),
        signal,
      },
      { index: task.index, of: task.of },
    );
    if (!shard) throw new Error('a sweep of one criterion gives one shard');
    return { kind: 'shard', shard };
  });
}

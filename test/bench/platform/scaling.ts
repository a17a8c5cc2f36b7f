import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDataset } from '@espalier/datasets';
import { cancelRuns, startRuns } from '@espalier/runs';
import type { PlatformBench } from '../platform.ts';
import { median, root } from '../subject.ts';
import { addExperiment } from './experiment.ts';

/** As a new experiment asks for where nothing else is said. */
const GRID = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** The same sampling work with one worker and with two, one thread each, by turns. */
export async function scaling(
  bench: PlatformBench,
  { samples, alternations }: { readonly samples: number; readonly alternations: number },
): Promise<void> {
  const dataset = await openDataset('cifar10', { home: path.join(bench.folder, 'home') });
  const seconds: Record<1 | 2, number[]> = { 1: [], 2: [] };
  for (let i = 0; i < alternations; i++) {
    for (const workers of [1, 2] as const) {
      // Nothing that was sampled before is found again: the seed is another one, and the images with it.
      const experiment = await addExperiment(bench, {
        ...{ model: path.join(root, 'models/resnet20-cifar10.onnx'), dataset, builtIn: 'cifar10' },
        ...{ samples, grid: GRID, seed: 2 * i + workers },
      });
      seconds[workers].push(await bench.withWorkers(workers, null, () => sample(bench, experiment)));
    }
  }
  await dataset.close();
  const [one, two] = [median(seconds[1]), median(seconds[2])];
  console.log(`| ${samples} images of CIFAR-10 through ResNet-20, 12 groups, ${GRID.length} ratios, 8 shares | seconds |
| --- | ---: |
| one worker, one thread | ${one.toFixed(1)} |
| two workers, one thread each | ${two.toFixed(1)} |
| | ${(one / two).toFixed(2)}x |

Each figure is the median of ${alternations}, by turns: ${[1, 2].map((n) => seconds[n as 1 | 2].map((s) => s.toFixed(1)).join(', ')).join(' and ')}.\n`);
}

/** Seconds from the start of a run to the end of its sampling. */
async function sample(
  { database: { prisma }, queue, folder }: PlatformBench,
  experiment: Awaited<ReturnType<typeof addExperiment>>,
): Promise<number> {
  await rm(path.join(folder, 'home/units'), { recursive: true, force: true });
  const target = { metric: 'macs', share: 0.5 } as const;
  const [run] = await prisma.$transaction((transaction) =>
    startRuns(transaction, queue, experiment, [{ allocation: 'cie', criterion: 'l1', target, seed: 0 }]),
  );
  const id = run?.samplingRunId ?? '';
  for (;;) {
    const { state, createdAt, finishedAt, error } = await prisma.samplingRun.findUniqueOrThrow({
      where: { id },
    });
    if (state === 'failed') throw new Error(error ?? 'the sampling failed');
    if (finishedAt) {
      // Or the rest of the run is worked on while the next one is timed.
      await prisma.$transaction((transaction) => cancelRuns(transaction, [run?.id ?? '']));
      return (finishedAt.getTime() - createdAt.getTime()) / 1000;
    }
    await setTimeout(500);
  }
}

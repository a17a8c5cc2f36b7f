import { perform } from '../../../apps/api/src/reading/perform.ts';
import { serveTasks } from '../../../apps/api/src/reading/serve-tasks.ts';
import type { Answers, Task } from '../../../apps/api/src/reading/task.ts';
import { SPLIT_NAMES } from '../../../packages/datasets/src/dataset.ts';
import { openDataset } from '../../../packages/datasets/src/index.ts';
import { convertNetwork, encodeOnnx, readNetwork } from '../../../packages/formats/src/index.ts';
import { lineProblem } from './line.ts';
import { PLANS } from './plans.ts';

/** A folder of images, which a platform meets packed, and a command as it is. */
export interface FolderTask {
  readonly kind: 'folder';
  readonly folder: string;
  readonly home: string;
}

/** A model of several files, or of Keras, which the command reads and converts. */
export interface BundleTask {
  readonly kind: 'bundle';
  readonly file: string;
}

const TILE = { width: 8, height: 8, channels: 3 } as const;

/** All that is done with a file: that of the product's process, and what comes after it. */
serveTasks(async (task: BundleTask | FolderTask | Task) => {
  if (task.kind === 'folder') return decodeAll(task);
  if (task.kind === 'bundle') return convert(task);
  const answer = await perform(task);
  if (task.kind === 'model') {
    const { file } = task;
    const found = (await perform({ kind: 'plans', file, readAs: {}, ...PLANS })) as Answers['plans'];
    const message = found.misfit?.message ?? null;
    const problem = message === null ? null : lineProblem(message);
    if (problem) throw new Error(`${problem}: ${message}`);
    encodeOnnx((await readNetwork(file)).network);
  }
  void answer;
  return process.memoryUsage.rss();
});

async function convert({ file }: BundleTask): Promise<number> {
  const { network } = await readNetwork(file);
  await convertNetwork(`${file}.onnx`, network, { file });
  return process.memoryUsage.rss();
}

async function decodeAll({ folder, home }: FolderTask): Promise<number> {
  const dataset = await openDataset(folder, { home });
  try {
    for (const split of SPLIT_NAMES) {
      const indices = Array.from({ length: dataset.splits[split].n }, (_, i) => i);
      await dataset.pixels(split, indices, TILE);
    }
    return process.memoryUsage.rss();
  } finally {
    await dataset.close();
  }
}

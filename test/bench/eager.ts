import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { samplePermutation } from '@espalier/datasets';
import { imageReader } from '@espalier/engines';
import { inferShapes } from '@espalier/network';
import { unitsRemoved } from '@espalier/pruning';
import { bytesOf, writeEagerNetwork } from './eager-graph.ts';
import { type Bench, root, type Subject } from './subject.ts';

export interface EagerSweep {
  readonly seconds: number;
  /** Images classified right, cell by cell. */
  readonly hits: readonly number[];
  readonly torch: string;
}

/** The same cells by an eager PyTorch network: channels zeroed, the whole network run for every cell. */
export async function eagerSweep(
  bench: Bench,
  subject: Subject,
  options: { readonly python: string; readonly batch: number; readonly threads: number },
): Promise<EagerSweep> {
  const folder = path.join(bench.folder, 'eager');
  await writeSubject(folder, bench, subject);
  const script = path.join(root, 'test/bench/eager_sweep.py');
  const { python, batch, threads } = options;
  const { status, stdout, stderr } = spawnSync(python, [script, folder, `${batch}`, `${threads}`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${python} ${script} failed: ${stderr.trim().split('\n').at(-1)}`);
  return JSON.parse(stdout);
}

async function writeSubject(
  folder: string,
  { dataset }: Bench,
  { network, map, request }: Subject,
): Promise<void> {
  const order = samplePermutation(dataset.splits.search.n, request.seed).subarray(0, request.samples);
  const { input, labels } = await imageReader(network, dataset).read('search', order);
  await writeEagerNetwork(folder, network, {
    images: input.dims,
    labels: [...labels],
    cells: cells(network, map, request),
  });
  await writeFile(path.join(folder, 'images.bin'), bytesOf(input.data));
}

/** For every cell, the baseline first: the channels to zero in what each consumer reads. */
function cells(network: Subject['network'], map: Subject['map'], { criteria, grid }: Subject['request']) {
  const shapes = inferShapes(network, 1);
  const rankings = criteria[0]?.rankings ?? [];
  const masked = rankings.flatMap(({ group, order }) =>
    grid.map((ratio) => {
      const removed = order.slice(group.width - unitsRemoved(ratio, group.width));
      const gone = new Set(removed.map((unit) => unit + group.firstUnit));
      return map.consumers.flatMap(({ node, value, axis, labels }) => {
        const channels = [...labels.keys()].filter((i) => gone.has(labels[i] ?? -1));
        const shape = (shapes.get(value) ?? []).map((extent, i) => (i === axis ? extent : 1));
        return channels.length > 0 ? [[node, value, shape, channels]] : [];
      });
    }),
  );
  return [[], ...masked];
}

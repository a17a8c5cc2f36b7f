import { type Executable, type OutputKind, score } from '@espalier/engines';
import { type FloatTensor, maskConsumers, maskValue, type Network } from '@espalier/network';
import { type CellScores, joinScores } from './cell.ts';
import {
  batches,
  type ExecutorOptions,
  type ImageBlock,
  type RowScores,
  type SweepExecutor,
} from './executor.ts';

/**
 * The plain way: one compiled full network with the masks as inputs, run once for every cell and batch.
 * Every faster way is held against it.
 */
export async function naiveExecutor(options: ExecutorOptions): Promise<SweepExecutor> {
  const { engine, network, map, rankings, output, batch } = options;
  const masked = maskConsumers(network, map);
  const executable = await engine.compile(masked.network, { optimiseFor: 'throughput' });
  const nothingRemoved = new Uint8Array(map.unitCount);
  const ones = Object.fromEntries(masked.masks.map((mask) => [mask.input, maskValue(mask, nothingRemoved)]));

  const masksFor = (row: number, removedCount: number): Record<string, FloatTensor> => {
    const ranking = rankings[row];
    if (!ranking || removedCount === 0) return ones;
    const removed = new Uint8Array(map.unitCount);
    for (const unit of ranking.order.slice(ranking.group.width - removedCount)) {
      removed[ranking.group.firstUnit + unit] = 1;
    }
    const touched = masked.masks.filter(({ units }) => units.some((unit) => unit >= 0 && removed[unit]));
    return { ...ones, ...Object.fromEntries(touched.map((mask) => [mask.input, maskValue(mask, removed)])) };
  };

  const runCell = async (
    block: ImageBlock,
    masks: Record<string, FloatTensor>,
    hooks: Parameters<SweepExecutor['run']>[2],
  ): Promise<CellScores> => {
    const parts: CellScores[] = [];
    for (const { input, labels } of batches(block, batch)) {
      hooks.signal?.throwIfAborted();
      parts.push(await runBatch(executable, network, { ...masks }, input, labels, output));
      hooks.onImages?.(labels.length);
    }
    return joinScores(parts);
  };

  return {
    async *run(block, work, hooks): AsyncIterable<RowScores> {
      if (work.baseline) yield { row: -1, from: 0, cells: new Map([[0, await runCell(block, ones, hooks)]]) };
      for (const { row, removed } of work.rows) {
        const cells = new Map<number, CellScores>();
        for (const count of removed) cells.set(count, await runCell(block, masksFor(row, count), hooks));
        yield { row, from: 0, cells };
      }
    },
    dispose: () => executable.dispose(),
  };
}

async function runBatch(
  executable: Executable,
  network: Network,
  inputs: Record<string, FloatTensor>,
  input: FloatTensor,
  labels: ArrayLike<number>,
  kind: OutputKind,
): Promise<CellScores> {
  const [name = '', out = ''] = [network.inputs[0]?.name, network.outputs[0]];
  const outputs = await executable.run({ ...inputs, [name]: input });
  const result = outputs[out];
  if (!result) throw new Error(`the network returned no "${out}"`);
  return score(result, labels, kind);
}

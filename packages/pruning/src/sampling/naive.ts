import { type FloatTensor, fedWith, maskConsumers, maskValue } from '@espalier/network';
import { type CellScores, joinCells } from './cell.ts';
import { batches, type ExecutorOptions, type RowScores, type SweepExecutor } from './executor.ts';
import { type Outputs, scorerFor } from './scorer.ts';

/**
 * The plain way: one compiled full network with the masks as inputs, run once for every cell and batch.
 * Every faster way is compared with it.
 */
export async function naiveExecutor(options: ExecutorOptions): Promise<SweepExecutor> {
  const { engine, network, map, rankings, output, batch, measure } = options;
  const scorer = scorerFor(network, measure, output);
  const masked = maskConsumers(network, map);
  const executable = await engine.compile(masked.network, { optimiseFor: 'throughput' });
  const nothingRemoved = new Uint8Array(map.unitCount);
  const ones = Object.fromEntries(masked.masks.map((mask) => [mask.input, maskValue(mask, nothingRemoved)]));

  const masksFor = (row: number, removedCount: number): Record<string, FloatTensor> => {
    const ranking = rankings[row];
    if (!ranking) return ones;
    const removed = new Uint8Array(map.unitCount);
    for (const unit of ranking.order.slice(ranking.group.width - removedCount)) {
      removed[ranking.group.firstUnit + unit] = 1;
    }
    const touched = masked.masks.filter(({ units }) => units.some((unit) => unit >= 0 && removed[unit]));
    return { ...ones, ...Object.fromEntries(touched.map((mask) => [mask.input, maskValue(mask, removed)])) };
  };

  return {
    async *run(block, { baseline, rows }, { signal, onImages }): AsyncIterable<RowScores> {
      const run = (input: FloatTensor, masks: Record<string, FloatTensor>) =>
        executable.run({ ...masks, ...fedWith(network, input) });
      const all = [...batches(block, batch)];
      const references: Outputs[] = [];
      if (scorer.compares && rows.length > 0) {
        for (const { input } of all) references.push(await run(input, ones));
      }
      const cell = async (
        masks: Record<string, FloatTensor>,
        of: readonly Outputs[],
      ): Promise<CellScores> => {
        const parts: CellScores[] = [];
        for (const [i, images] of all.entries()) {
          signal?.throwIfAborted();
          parts.push(scorer.score(await run(images.input, masks), images, of[i]));
          onImages?.(images.labels.length);
        }
        return joinCells(parts);
      };
      if (baseline) yield { row: -1, from: 0, cells: new Map([[0, await cell(ones, [])]]) };
      for (const { row, removed } of rows) {
        const cells = new Map<number, CellScores>();
        for (const count of removed) cells.set(count, await cell(masksFor(row, count), references));
        yield { row, from: 0, cells };
      }
    },
    dispose: () => executable.dispose(),
  };
}

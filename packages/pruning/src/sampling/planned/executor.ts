import { isDeepStrictEqual } from 'node:util';
import type { Executable, LabelledImages } from '@espalier/engines';
import { type FloatTensor, fedWith, floatTensor, type Network, sizeOf, subnetwork } from '@espalier/network';
import type { CellScores } from '../cell.ts';
import {
  batches,
  type ExecutorOptions,
  type RowScores,
  type RowWork,
  type SweepExecutor,
} from '../executor.ts';
import { type Outputs, type Scorer, scorerFor } from '../scorer.ts';
import {
  cheapestWay,
  eachAlone,
  type MeasuringWay,
  type PlanOptions,
  type PlanStep,
  planSweep,
  type SweepPlan,
} from './plan.ts';
import { type VariantBatch, variantNetwork } from './variants.ts';

export interface PlannedOptions extends ExecutorOptions, PlanOptions {
  /** All cells of the sweep, stored ones too: where the unpruned pass is cut depends on nothing else. */
  readonly rows: readonly RowWork[];
}

/**
 * Runs a sweep plan: see `SweepPlan`. Networks are compiled when they are first needed and kept. A value
 * comes from the same networks whatever part of the sweep is still missing, so that a sweep that was
 * stopped ends in the same bits as one that was not.
 */
export function plannedExecutor(options: PlannedOptions): SweepExecutor {
  const runner = new PlanRunner(options);
  return { run: (block, work, hooks) => runner.run(block, work, hooks), dispose: () => runner.dispose() };
}

interface Compiled {
  readonly executable: Executable;
  readonly inputs: readonly string[];
}

class PlanRunner {
  private readonly options: PlannedOptions;
  private readonly plan: SweepPlan;
  private readonly scorer: Scorer;
  private readonly compiled = new Map<string, Promise<Compiled>>();
  /** Ways to measure only some cells of a step. */
  private readonly partial = new Map<string, MeasuringWay>();

  constructor(options: PlannedOptions) {
    const { network, map, rankings, rows, measure, output } = options;
    this.options = options;
    this.scorer = scorerFor(network, measure, output);
    this.plan = planSweep(network, map, rankings, rows, options);
  }

  async *run(...[block, work, hooks]: Parameters<SweepExecutor['run']>): AsyncIterable<RowScores> {
    const { baseline } = this.plan;
    const wanted = new Map(work.rows.map(({ row, removed }) => [row, removed]));
    const last = this.plan.steps.findLastIndex(({ row }) => wanted.get(row)?.length);
    const isWhole = work.baseline && !this.scorer.compares;
    const steps = isWhole ? this.plan.steps : this.plan.steps.slice(0, last + 1);
    let from = 0;
    for (const images of batches(block, this.options.batch)) {
      const n = images.labels.length;
      const frontier = new Map(Object.entries(fedWith(this.options.network, images.input)));
      // By the outputs of the whole network, once for all cells: they are needed before the pass gets to them.
      const reference = this.scorer.compares ? await this.whole(frontier) : undefined;
      for (const step of steps) {
        hooks.signal?.throwIfAborted();
        await this.advance(frontier, step.advance.inputs, step.advance.outputs);
        const removed = wanted.get(step.row);
        if (removed?.length) {
          const variants = this.batchesFor(step, removed);
          yield {
            row: step.row,
            from,
            cells: await this.variants(step, variants, frontier, images, reference),
          };
          hooks.onImages?.(n * removed.length);
        }
        for (const value of step.release) frontier.delete(value);
      }
      if (work.baseline) {
        const own = reference ?? (await this.outputsOf(frontier, baseline.inputs));
        yield { row: -1, from, cells: new Map([[0, this.scorer.score(own, images)]]) };
        hooks.onImages?.(n);
      }
      from += n;
    }
  }

  async dispose(): Promise<void> {
    for (const compiled of this.compiled.values()) await (await compiled).executable.dispose();
  }

  private batchesFor({ row, removed: all, measuring, site }: PlanStep, removed: readonly number[]) {
    if (isDeepStrictEqual(removed, all)) return measuring.batches;
    if (removed.length <= FEW_CELLS) return eachAlone(site, removed, this.options.channelBlock);
    const key = `${row}: ${removed}`;
    const way = this.partial.get(key) ?? cheapestWay(site, removed, this.options);
    this.partial.set(key, way);
    return way.batches;
  }

  private async advance(
    frontier: Map<string, FloatTensor>,
    inputs: readonly string[],
    outputs: readonly string[],
  ): Promise<void> {
    const missing = outputs.filter((value) => !frontier.has(value));
    if (missing.length === 0) return;
    const results = await this.compute(`advance ${inputs.join()} -> ${missing.join()}`, frontier, () =>
      subnetwork(this.options.network, inputs, missing),
    );
    for (const value of missing) {
      const tensor = results[value];
      if (tensor) frontier.set(value, tensor);
    }
  }

  private async variants(
    step: PlanStep,
    variants: readonly VariantBatch[],
    frontier: ReadonlyMap<string, FloatTensor>,
    images: LabelledImages,
    reference: Outputs | undefined,
  ): Promise<Map<number, CellScores>> {
    const cells = new Map<number, CellScores>();
    for (const batch of variants) {
      const results = await this.compute(`row ${step.row} ${JSON.stringify(batch)}`, frontier, () =>
        variantNetwork(step.site, batch),
      );
      const scores = this.scoreVariants(results, images, batch.removed.length, reference);
      batch.removed.forEach((removed, v) => {
        const cell = scores[v];
        if (cell) cells.set(removed, cell);
      });
    }
    return cells;
  }

  /** Outputs [variants * n, ...] -> the scores of each variant. */
  private scoreVariants(
    outputs: Outputs,
    images: LabelledImages,
    variants: number,
    reference: Outputs | undefined,
  ): CellScores[] {
    return Array.from({ length: variants }, (_, v) => {
      const own = Object.entries(outputs).map(([name, tensor]) => [
        name,
        tensor && part(tensor, v, variants),
      ]);
      return this.scorer.score(Object.fromEntries(own), images, reference);
    });
  }

  /** The unpruned network's outputs, from what the pass has come to. */
  private async outputsOf(frontier: Map<string, FloatTensor>, inputs: readonly string[]): Promise<Outputs> {
    const { outputs } = this.options.network;
    await this.advance(frontier, inputs, outputs);
    return Object.fromEntries(outputs.map((name) => [name, frontier.get(name)]));
  }

  /** The unpruned network's outputs, in one go. */
  private whole(images: ReadonlyMap<string, FloatTensor>): Promise<Outputs> {
    const { network } = this.options;
    const inputs = network.inputs.map(({ name }) => name);
    return this.compute('whole', images, () => subnetwork(network, inputs, network.outputs));
  }

  /** Runs a network on values of the frontier; it is built and compiled once for its key. */
  private async compute(
    key: string,
    frontier: ReadonlyMap<string, FloatTensor>,
    build: () => Network,
  ): Promise<Record<string, FloatTensor>> {
    const known = this.compiled.get(key) ?? this.compile(build());
    this.compiled.set(key, known);
    const { executable, inputs } = await known;
    return executable.run(pick(frontier, inputs));
  }

  private async compile(network: Network): Promise<Compiled> {
    const executable = await this.options.engine.compile(network, {
      optimiseFor: 'throughput',
      keepMemory: false,
    });
    return { executable, inputs: network.inputs.map(({ name }) => name) };
  }
}

/** Up to so many cells of a row are measured one by one: their networks can be used again for any other request. */
const FEW_CELLS = 4;

/** The v-th of so many equal parts of the first axis. */
function part({ dims, data }: FloatTensor, v: number, parts: number): FloatTensor {
  const [rows = 0, ...rest] = dims;
  const n = rows / parts;
  const each = n * sizeOf(rest);
  return floatTensor([n, ...rest], data.subarray(v * each, (v + 1) * each));
}

function pick(
  values: ReadonlyMap<string, FloatTensor>,
  names: readonly string[],
): Record<string, FloatTensor> {
  return Object.fromEntries(
    names.map((name) => {
      const tensor = values.get(name);
      if (!tensor) throw new Error(`"${name}" is no longer on the frontier`);
      return [name, tensor];
    }),
  );
}

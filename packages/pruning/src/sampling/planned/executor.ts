import { type Executable, score } from '@espalier/engines';
import { type FloatTensor, floatTensor, type Network, sizeOf, subnetwork } from '@espalier/network';
import type { CellScores } from '../cell.ts';
import {
  batches,
  type ExecutorOptions,
  type ImageBlock,
  type RowScores,
  type RowWork,
  type SweepExecutor,
} from '../executor.ts';
import { type PlanOptions, type PlanStep, planSweep, type SweepPlan } from './plan.ts';
import { variantNetwork } from './variants.ts';

/** Runs a sweep plan: see `SweepPlan`. Networks are compiled when they are first needed and kept. */
export function plannedExecutor(options: ExecutorOptions & PlanOptions): SweepExecutor {
  const runner = new PlanRunner(options);
  return { run: (block, work, hooks) => runner.run(block, work, hooks), dispose: () => runner.dispose() };
}

interface Compiled {
  readonly executable: Executable;
  readonly inputs: readonly string[];
}

class PlanRunner {
  private readonly options: ExecutorOptions & PlanOptions;
  private readonly compiled = new Map<string, Promise<Compiled>>();
  private readonly plans = new Map<string, SweepPlan>();

  constructor(options: ExecutorOptions & PlanOptions) {
    this.options = options;
  }

  async *run(...[block, work, hooks]: Parameters<SweepExecutor['run']>): AsyncIterable<RowScores> {
    const plan = this.planFor(work.rows);
    let from = 0;
    for (const images of batches(block, this.options.batch)) {
      const n = images.labels.length;
      const frontier = new Map([[this.inputName(), images.input]]);
      for (const step of plan.steps) {
        hooks.signal?.throwIfAborted();
        await this.advance(frontier, step.advance.inputs, step.advance.outputs);
        yield { row: step.row, from, cells: await this.variants(step, frontier, images) };
        for (const value of step.release) frontier.delete(value);
        hooks.onImages?.(n * step.batches.reduce((sum, { removed }) => sum + removed.length, 0));
      }
      if (work.baseline) {
        const { outputs } = this.options.network;
        await this.advance(frontier, plan.baseline.inputs, outputs);
        const scores = this.scoreRows(frontier.get(outputs[0] ?? ''), images.labels, 1);
        yield { row: -1, from, cells: new Map(scores.map((cell) => [0, cell])) };
        hooks.onImages?.(n);
      }
      from += n;
    }
  }

  async dispose(): Promise<void> {
    for (const compiled of this.compiled.values()) await (await compiled).executable.dispose();
  }

  private planFor(rows: readonly RowWork[]): SweepPlan {
    const key = JSON.stringify(rows);
    const { network, map, rankings } = this.options;
    const plan = this.plans.get(key) ?? planSweep(network, map, rankings, rows, this.options);
    this.plans.set(key, plan);
    return plan;
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
    frontier: ReadonlyMap<string, FloatTensor>,
    images: ImageBlock,
  ): Promise<Map<number, CellScores>> {
    const { network, map, rankings } = this.options;
    const ranking = rankings[step.row];
    if (!ranking) throw new Error(`there is no ranked group ${step.row}`);
    const cells = new Map<number, CellScores>();
    for (const batch of step.batches) {
      const results = await this.compute(`row ${step.row} ${JSON.stringify(batch)}`, frontier, () =>
        variantNetwork(network, map, ranking, step.region, batch),
      );
      const scores = this.scoreRows(results[network.outputs[0] ?? ''], images.labels, batch.removed.length);
      batch.removed.forEach((removed, v) => {
        const cell = scores[v];
        if (cell) cells.set(removed, cell);
      });
    }
    return cells;
  }

  /** [variants * n, classes] -> the scores of each variant. */
  private scoreRows(
    output: FloatTensor | undefined,
    labels: ArrayLike<number>,
    variants: number,
  ): CellScores[] {
    if (!output) throw new Error('the network returned no output');
    const [rows = 0, ...rest] = output.dims;
    const n = rows / variants;
    const each = n * sizeOf(rest);
    return Array.from({ length: variants }, (_, v) =>
      score(
        floatTensor([n, ...rest], output.data.subarray(v * each, (v + 1) * each)),
        labels,
        this.options.output,
      ),
    );
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
    const executable = await this.options.engine.compile(network, { optimiseFor: 'throughput' });
    return { executable, inputs: network.inputs.map(({ name }) => name) };
  }

  private inputName(): string {
    return this.options.network.inputs[0]?.name ?? '';
  }
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

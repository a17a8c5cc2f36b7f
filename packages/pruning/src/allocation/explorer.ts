import type { CostMetric, Costs } from '@espalier/network';
import type { Analysis } from '../analysis.ts';
import type { Allocation, Search } from './allocation.ts';
import { predictedDamage } from './damage.ts';
import { findAllocation } from './index.ts';
import {
  type AllocationProblem,
  checkLimits,
  type DropSample,
  largestSaving,
  reaches,
  type Structure,
  unreachable,
  usefulLadders,
  type WidthLimits,
  widthLadder,
} from './problem.ts';
import { type AskedTarget, resolveTarget, type Target } from './target.ts';

export interface ExplorerOptions {
  readonly limits: WidthLimits;
  /** [group]: see `dropSamples`. */
  readonly samples: readonly (readonly DropSample[])[];
  /** Of an allocation that draws. */
  readonly seed: number;
}

/** Structures that are kept, each of some hundred numbers. */
const KEPT = 2000;

/** Everything of a metric that no target changes. */
interface Field {
  readonly problem: AllocationProblem;
  /** See {@link Explorer.largest}. */
  readonly largest: number;
  readonly searches: Map<string, Search>;
}

/**
 * Finds structures of one network by one sampling for one target after the other. What does not depend on the target is
 * searched once, and what was found is kept.
 */
export class Explorer {
  private readonly analysis: Pick<Analysis, 'rankings' | 'cost'>;
  private readonly options: ExplorerOptions;
  private readonly fields = new Map<CostMetric, Field>();
  private readonly found = new Map<string, Structure>();
  private readonly damage: readonly Float64Array[];

  /** @throws {InputError} for limits that are none */
  constructor(analysis: Pick<Analysis, 'rankings' | 'cost'>, options: ExplorerOptions) {
    checkLimits(
      options.limits,
      analysis.rankings.map(({ group }) => group.id),
    );
    this.analysis = analysis;
    this.options = options;
    this.damage = predictedDamage({ ...analysis, samples: options.samples }, '');
  }

  /** Of the unpruned network. */
  get base(): Costs {
    return this.analysis.cost.base;
  }

  /** @throws {InputError} for latency where nothing tells it, and for more time than the network takes */
  resolve(asked: AskedTarget): Target {
    return resolveTarget(asked, this.base);
  }

  /** The share of a metric that any allocation may save at most. */
  largest(metric: CostMetric): number {
    return this.field(metric).largest;
  }

  /** @throws {InputError} for an allocation that there is not, and a target out of reach */
  find(name: string, target: Target): Structure {
    const allocation = findAllocation(name);
    const key = `${allocation.name} ${target.metric} ${target.share}`;
    const before = this.found.get(key);
    if (before) return before;
    const field = this.field(target.metric);
    const aimed = { ...field.problem, target };
    if (!reaches(aimed, field.largest)) throw unreachable(aimed, field.largest);
    const structure = searchOf(allocation, field)(target);
    this.found.set(key, structure);
    const [oldest] = this.found.keys();
    if (this.found.size > KEPT && oldest !== undefined) this.found.delete(oldest);
    return structure;
  }

  /**
   * The sum of what the cut of each group costs by itself, as if groups did not touch one another; null beyond what was
   * sampled.
   */
  predictedDrop(widths: readonly number[]): number | null {
    const sum = this.analysis.rankings.reduce(
      (all, { group }, g) => all + (this.damage[g]?.[group.width - (widths[g] ?? 0)] ?? 0),
      0,
    );
    return Number.isFinite(sum) ? sum : null;
  }

  private field(metric: CostMetric): Field {
    const known = this.fields.get(metric);
    if (known) return known;
    const { rankings, cost } = this.analysis;
    const { limits, samples, seed } = this.options;
    const target = { metric, share: 0 };
    const ladders = usefulLadders(
      { cost, target },
      rankings.map(({ group }) => widthLadder(group.width, group.id, limits)),
    );
    const problem = { rankings, cost, target, ladders, samples, seed };
    const field = { problem, largest: largestSaving(problem), searches: new Map() };
    this.fields.set(metric, field);
    return field;
  }
}

function searchOf(allocation: Allocation, { problem, searches }: Field): Search {
  const known = searches.get(allocation.name);
  if (known) return known;
  const search = allocation.prepare?.(problem) ?? ((target) => allocation.allocate({ ...problem, target }));
  searches.set(allocation.name, search);
  return search;
}

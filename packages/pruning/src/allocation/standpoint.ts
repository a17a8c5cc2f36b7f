import type { Cursor } from '@espalier/latency';
import { COST_FACTS } from '@espalier/network';
import { pricesOf } from '../cost-model.ts';
import type { AllocationProblem } from './problem.ts';
import { nearby } from './staircase.ts';

/** One group on its ladder's next width; where wider may cost less, also on one further on. */
export interface Step {
  readonly group: number;
  readonly width: number;
  /** How much the predicted drop rises. */
  readonly damage: number;
  /** MACs (or parameters, or milliseconds) that it saves. */
  readonly saved: number;
  /** What is left of them. */
  readonly cost: number;
}

/** Where a search stands: what it costs there, and a step away. */
export class Standpoint {
  private readonly problem: AllocationProblem;
  private readonly around: Cursor;
  private at: readonly number[];
  /** MACs (or parameters, or milliseconds). */
  private spent: number;

  constructor(problem: AllocationProblem, widths: readonly number[]) {
    const prices = pricesOf(problem.cost, problem.target.metric);
    this.problem = problem;
    this.around = prices.from(widths);
    this.at = widths;
    this.spent = prices.of(widths);
  }

  /** Units kept by group. */
  get widths(): readonly number[] {
    return this.at;
  }

  /**
   * @param damage `damage[g][removed]`: predicted drop of group g, by units removed
   * @param by 1 for each group's step down, -1 for its step up
   */
  *steps(damage: readonly Float64Array[], by: 1 | -1): Generator<Step> {
    const { ladders, target } = this.problem;
    const { risesWithWidth } = COST_FACTS[target.metric];
    for (const [group, ladder] of ladders.entries()) {
      const [whole = 1] = ladder;
      const current = this.at[group] ?? whole;
      const place = ladder.indexOf(current);
      const places = risesWithWidth ? [place + by] : beyond(place, ladder.length, by);
      const drops = damage[group];
      const before = drops?.[whole - current] ?? Number.POSITIVE_INFINITY;
      let costs: ((width: number) => number) | undefined;
      for (const other of places) {
        const width = ladder[other];
        if (width === undefined) continue;
        costs ??= this.around.along(group);
        const cost = costs(width);
        const rise = (drops?.[whole - width] ?? Number.POSITIVE_INFINITY) - before;
        yield { group, width, damage: rise, saved: this.spent - cost, cost };
      }
    }
  }

  take({ group, width, cost }: Step): void {
    this.around.move(group, width);
    this.at = this.at.with(group, width);
    this.spent = cost;
  }
}

function beyond(place: number, count: number, by: 1 | -1): number[] {
  return nearby(place, count).filter((other) => (other - place) * by > 0);
}

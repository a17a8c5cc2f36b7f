import type { GraphBuilder, Value } from '../graph/builder.ts';

/** One update of all weights at once, as flat vectors [parameters]. */
export interface Update {
  readonly weights: Value;
  readonly gradient: Value;
  /** What weight decay multiplies each weight by. */
  readonly decay: Value;
  /** [] */
  readonly learningRate: Value;
  /** [], the number of this step, from 1 */
  readonly step: Value;
  /** The optimiser's own vectors, by name. */
  readonly slots: ReadonlyMap<string, Value>;
}

export interface OptimiserRule {
  readonly slots: readonly string[];
  update(g: GraphBuilder, update: Update): { weights: Value; slots: ReadonlyMap<string, Value> };
}

export function slot(update: Update, name: string): Value {
  const found = update.slots.get(name);
  if (!found) throw new Error(`the optimiser has no vector "${name}"`);
  return found;
}

/** What optimisers are written in: done by the nodes of a graph, or on tensors at once. */
export interface Arithmetic<V> {
  add(a: V, b: V | number): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V | number): V;
  div(a: V, b: V | number): V;
  sqrt(a: V): V;
}

/** One update of all weights at once, as flat vectors [parameters]. */
export interface Update<V> {
  readonly weights: V;
  readonly gradient: V;
  /** What weight decay multiplies each weight by. */
  readonly decay: V;
  /** [] */
  readonly learningRate: V | number;
  /** 1 - beta^step, steps counted from 1: averages that start at 0 are of the right size once divided by it. */
  readonly correction: (beta: number) => V | number;
  /** The optimiser's own vectors, by name. */
  readonly slots: ReadonlyMap<string, V>;
}

export interface OptimiserRule {
  readonly slots: readonly string[];
  update<V>(by: Arithmetic<V>, update: Update<V>): { weights: V; slots: ReadonlyMap<string, V> };
}

export function slot<V>({ slots }: Update<V>, name: string): V {
  const found = slots.get(name);
  if (!found) throw new Error(`the optimiser has no vector "${name}"`);
  return found;
}

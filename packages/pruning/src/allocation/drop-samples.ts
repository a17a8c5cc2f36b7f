import { type Matrix, monotoneDrop } from '../contribution.ts';
import type { DropSample } from './problem.ts';

/** What of a sampling allocations use. Matrices are [group][ratio]. */
export interface SampledDrops {
  /** Units. */
  readonly removed: Matrix;
  readonly monotoneDrop: Matrix;
  /** Nats; null without labels, and where one was not told. */
  readonly loss: Matrix | null;
  /** Of the unpruned network. */
  readonly baseLoss: number | null;
}

/** As allocations want them. Without losses the drops of the metric stand for their rises. */
export function dropSamples({ removed, monotoneDrop: drops, loss, baseLoss }: SampledDrops): DropSample[][] {
  const rises =
    loss && baseLoss !== null ? monotoneDrop(loss.map((row) => row.map((each) => each - baseLoss))) : drops;
  return removed.map((row, g) =>
    row.map((units, k) => ({ removed: units, drop: drops[g]?.[k] ?? 0, loss: rises[g]?.[k] ?? 0 })),
  );
}

import { seededRandom } from '@espalier/datasets';
import { type DoubleProduct, openDoubleProduct } from '@espalier/engines';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eliminate, type Reader } from './elimination.ts';

let product: DoubleProduct;
beforeAll(async () => {
  product = await openDoubleProduct(1);
});
afterAll(() => product.dispose());

/** Columns that have much to do with one another: mixtures of fewer sources, and a separate little. */
function reader(
  seed: number,
  { units = 7, taps = 3, others = 2, filters = 4, ridge = 0.01 } = {},
  change = (x: Float64Array) => x,
): Reader {
  const random = seededRandom(seed);
  const columns = units * taps + others;
  const mixing = Array.from({ length: columns }, () => Array.from({ length: 6 }, () => random() - 0.5));
  const covariance = new Float64Array(columns * columns);
  const rows = columns + 20;
  for (let row = 0; row < rows; row++) {
    const sources = Array.from({ length: 6 }, () => random() - 0.5);
    const x = change(
      Float64Array.from(
        mixing,
        (mix) => mix.reduce((sum, share, i) => sum + share * (sources[i] ?? 0), 0) + 0.3 * (random() - 0.5),
      ),
    );
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++)
        covariance[i * columns + j] = (covariance[i * columns + j] ?? 0) + (x[i] ?? 0) * (x[j] ?? 0);
  }
  const weights = Float64Array.from({ length: columns * filters }, () => random() - 0.5);
  // As in a layer: tap by tap, the columns of other groups between them.
  const columnsOf = Array.from({ length: units }, (_, unit) =>
    Array.from({ length: taps }, (_, tap) => tap * units + unit + (tap === taps - 1 ? others : 0)),
  );
  return { covariance, ridge, weights, filters, columnsOf };
}

/**
 * The least of ||X_K D - X_S W_S||^2 + ridge ||D||^2 over changes D of the weights that are kept (K), by elimination
 * with pivoting of the normal equations.
 */
function lossWithout({ covariance, ridge, weights, filters }: Reader, gone: ReadonlySet<number>): number {
  const n = weights.length / filters;
  const c = (i: number, j: number) => covariance[i * n + j] as number;
  const w = (i: number, f: number) => weights[i * filters + f] as number;
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => !gone.has(i));
  const a = kept.map((i) => [
    ...kept.map((j) => c(i, j) + (i === j ? ridge : 0)),
    ...Array.from({ length: filters }, (_, f) => [...gone].reduce((sum, j) => sum + c(i, j) * w(j, f), 0)),
  ]);
  const right = a.map((row) => row.slice(kept.length));
  for (let p = 0; p < a.length; p++) {
    const best = a
      .slice(p)
      .reduce((at, row, i) => (Math.abs(row[p] ?? 0) > Math.abs(a[at]?.[p] ?? 0) ? p + i : at), p);
    const [pivot = [], other = []] = [a[best], a[p]];
    a[p] = pivot;
    if (best !== p) a[best] = other;
    for (const row of a.slice(p + 1)) {
      const factor = (row[p] as number) / (pivot[p] as number);
      for (let k = p; k < row.length; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
    }
  }
  let loss = 0;
  for (let f = 0; f < filters; f++) {
    const d: number[] = [];
    for (let p = a.length - 1; p >= 0; p--) {
      const row = a[p] as number[];
      let value = row[kept.length + f] as number;
      for (let k = p + 1; k < a.length; k++) value -= (row[k] as number) * (d[k] as number);
      d[p] = value / (row[p] as number);
    }
    // W_S' C_SS W_S - D' C_KS W_S at the optimum.
    for (const i of gone) for (const j of gone) loss += w(i, f) * c(i, j) * w(j, f);
    d.forEach((value, p) => {
      loss -= value * (right[p]?.[f] as number);
    });
  }
  return loss;
}

function byBruteForce(units: number, readers: readonly Reader[]): { order: number[]; losses: number[] } {
  const order: number[] = [];
  const losses: number[] = [];
  while (order.length < units) {
    const tried = Array.from({ length: units }, (_, unit) => unit)
      .filter((unit) => !order.includes(unit))
      .map((unit) => ({
        unit,
        loss: readers.reduce(
          (sum, each) =>
            sum + lossWithout(each, new Set([...order, unit].flatMap((gone) => each.columnsOf[gone] ?? []))),
          0,
        ),
      }));
    const best = tried.reduce((least, each) => (each.loss <= least.loss ? each : least));
    order.push(best.unit);
    losses.push(best.loss);
  }
  return { order, losses };
}

const copies = (readers: readonly Reader[]) =>
  readers.map((each) => ({ ...each, covariance: each.covariance.slice() }));
const orderOf = (lost: Float64Array) => [...lost.keys()].sort((a, b) => (lost[a] ?? 0) - (lost[b] ?? 0));

it.each([
  ['one reader', 7, [reader(1)]],
  ['a reader of single pixels', 9, [reader(2, { units: 9, taps: 1, filters: 12, others: 0 })]],
  ['readers of different sizes', 7, [reader(3), reader(4, { taps: 1, others: 5, filters: 2 }), reader(5)]],
  ['more columns than are taken out at once', 18, [reader(6, { units: 18, taps: 8, filters: 3 })]],
])(
  '%s: always the unit without which least is lost, as solving it anew each time says',
  async (_, units, readers) => {
    const { order, losses } = byBruteForce(units, readers);
    const lost = await eliminate(units, copies(readers), product);
    expect(orderOf(lost)).toEqual(order);
    order.forEach((unit, place) => {
      expect(lost[unit]).toBeCloseTo(losses[place] ?? 0, 8);
    });
  },
);

it('takes what is always zero first, then one of two that are equal, which costs next to nothing', async () => {
  const units = 7;
  const equal = reader(7, { units, others: 0, ridge: 1e-5 }, (x) => {
    for (let tap = 0; tap < 3; tap++) {
      x[tap * units + 4] = 0;
      x[tap * units + 1] = x[tap * units + 5] ?? 0;
    }
    return x;
  });
  const lost = await eliminate(units, copies([equal]), product);
  const [first, second, third] = orderOf(lost);
  expect(first).toBe(4);
  expect(lost[4]).toBeLessThan(1e-9);
  expect([1, 5]).toContain(second);
  expect(lost[second ?? 0]).toBeLessThan(0.01 * (lost[third ?? 0] ?? 0));
  // Its twin is needed now.
  expect(orderOf(lost).indexOf(second === 1 ? 5 : 1)).toBeGreaterThan(2);
});

it('takes the higher one first where nothing tells them apart, and stops when told to', async () => {
  const nothing = { ...reader(8), weights: new Float64Array(23 * 4) };
  expect(orderOf(await eliminate(7, copies([nothing]), product))).toEqual([6, 5, 4, 3, 2, 1, 0]);
  await expect(
    eliminate(7, copies([nothing]), product, AbortSignal.abort(new Error('enough'))),
  ).rejects.toThrow('enough');
});

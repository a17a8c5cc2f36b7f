import { percent } from '#src/format/numbers.ts';

/** The ratios that were sampled: "10 % to 90 % in steps of 10 %", or each where the steps differ. */
export function gridWords(grid: readonly number[]): string {
  const [first, second, third] = grid;
  const last = grid.at(-1);
  if (first !== undefined && second !== undefined && third !== undefined && last !== undefined) {
    const step = second - first;
    const isEven = grid.every((ratio, i) => Math.abs(ratio - first - i * step) < 1e-9);
    if (isEven) return `${percent(first, 0)} to ${percent(last, 0)} in steps of ${percent(step, 0)}`;
  }
  return grid.map((ratio) => percent(ratio, 0)).join(', ');
}

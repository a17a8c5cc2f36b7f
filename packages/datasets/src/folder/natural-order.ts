/**
 * Compares names so that `2.png` stands before `10.png`. Runs of digits compare as numbers, all else by code
 * unit: the same on every machine, whatever its language, because the order of files decides the splits.
 */
export function naturalOrder(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareParts(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  // `1.png` and `01.png` are equal as numbers; they still need an order.
  return left.length - right.length || compare(a, b);
}

function compareParts(a: string, b: string): number {
  if (!isNumber(a) || !isNumber(b)) return compare(a, b);
  const [x, y] = [a, b].map((digits) => digits.replace(/^0+/, '')) as [string, string];
  return x.length - y.length || compare(x, y);
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

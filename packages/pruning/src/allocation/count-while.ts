/** How many of the first `count` numbers from 0 pass, where none passes after one that does not: by bisection. */
export function countWhile(count: number, passes: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

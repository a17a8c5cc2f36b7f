/**
 * Who comes when in a round: over some rounds each comes equally often at each place, and equally often after each other
 * one, since what was computed before is still in the caches (Williams, "Experimental designs balanced for the
 * estimation of residual effects of treatments", 1949). An even number takes as many rounds for that, an odd one twice as
 * many. Of more than two none has two turns in a row.
 *
 * @param count of those that take turns
 * @param round from 0
 */
export function orderOfRound(count: number, round: number): number[] {
  const row = round % (count % 2 === 0 ? count : 2 * count);
  // 0, 1, -1, 2, -2, ...: the distances from one to the next are all different.
  const order = Array.from({ length: count }, (_, place) => {
    const away = Math.ceil(place / 2) * (place % 2 === 0 ? -1 : 1);
    return (away + row + 2 * count) % count;
  });
  if (row < count) return order;
  // Odd distances stand for their opposites, too, only when read from the end.
  return orderOfRound(count, (2 * count - row) % count).reverse();
}

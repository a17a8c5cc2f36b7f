/** What two networks took in the same turns as a structure. */
export interface References {
  readonly baseMs: number;
  readonly smallestMs: number;
}

/**
 * A structure's time as it would have been in turns in which both references took their usual time. What slows a
 * machine down meets networks by their size: a neighbour that fills the caches costs the unpruned network half its
 * speed, and one that fits into them nothing. Between the references the slowing-down uses the logarithm of the time.
 *
 * @param usual milliseconds
 */
export function asInQuietTurns(
  { milliseconds, baseMs, smallestMs }: References & { readonly milliseconds: number },
  usual: References,
): number {
  const [ofBase, ofSmallest] = [usual.baseMs / baseMs, usual.smallestMs / smallestMs];
  const range = Math.log(baseMs / smallestMs);
  const place = range > 0 ? Math.log(milliseconds / smallestMs) / range : 1;
  const share = Math.min(1, Math.max(0, place));
  return milliseconds * ofSmallest ** (1 - share) * ofBase ** share;
}

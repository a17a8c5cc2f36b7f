/** What a mutation says of why it did nothing, and the steps of the input to what it is about. */
export interface Refusal {
  readonly message: string;
  readonly path?: readonly string[];
}

/**
 * Where a form shows refusals: each at its field of the input's path or of the nearest one above, else on top, which is
 * the path ''. Places in lists do not count: `targets.1` is `targets`.
 *
 * @param shown paths that the form has a field for
 */
export function errorsAt(
  refusals: readonly Refusal[],
  shown: readonly string[],
): (path: string) => string | undefined {
  const placed = refusals.map(({ message, path = [] }) => ({ message, at: placeOf(path, shown) }));
  return (path) => placed.find(({ at }) => at === path)?.message;
}

function placeOf(path: readonly string[], shown: readonly string[]): string {
  const parts = path.filter((step) => !/^\d+$/.test(step));
  while (parts.length > 0 && !shown.includes(parts.join('.'))) parts.pop();
  return parts.join('.');
}

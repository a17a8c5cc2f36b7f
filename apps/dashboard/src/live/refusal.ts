/** What a mutation says of why it did nothing, with the paths of the input that it is about. */
export interface Refusal {
  readonly message: string;
  readonly fields: readonly string[];
}

/**
 * Where a form shows a refusal: at its field of the input's path or of the nearest one above, else on top, which is
 * the path ''. Places in lists do not count: `targets.1` is `targets`.
 *
 * @param shown paths that the form has a field for
 */
export function errorsAt(
  refusal: Refusal | null,
  shown: readonly string[],
): (path: string) => string | undefined {
  const parts = (refusal?.fields[0] ?? '').replaceAll(/\.\d+/g, '').split('.');
  while (parts.length > 0 && !shown.includes(parts.join('.'))) parts.pop();
  const at = parts.join('.');
  return (path) => (path === at ? refusal?.message : undefined);
}

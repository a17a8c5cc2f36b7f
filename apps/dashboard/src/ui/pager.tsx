import { ButtonLink } from './button.tsx';

/** On to the next page of a list, and back to its beginning. */
export function Pager({
  page: { hasNextPage, endCursor },
  path,
  of,
  view = new URLSearchParams(),
  after,
}: {
  page: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  path: string;
  /** Where a page has several lists: how this one is called, and its place in the address. */
  of?: { readonly list: string; readonly name: string };
  /** What else stands in the address. */
  view?: URLSearchParams;
  /** What this page begins behind; null for the first one. */
  after: string | null;
}) {
  const next = hasNextPage ? endCursor : null;
  if (!next && after === null) return null;
  const behind: [string, string][] = next ? [[of?.name ?? 'after', next]] : [];
  return (
    <nav aria-label={of ? `Pages of ${of.list}` : 'Pages'} className="mt-4 flex justify-end gap-2">
      {after !== null && (
        <ButtonLink href={`${path}?${view}`} scroll={!of}>
          First page
        </ButtonLink>
      )}
      {next && (
        <ButtonLink href={`${path}?${new URLSearchParams([...view, ...behind])}`} scroll={!of}>
          Next page
        </ButtonLink>
      )}
    </nav>
  );
}

import { ButtonLink } from './button.tsx';

/** On to the next page of a list, and back to its beginning. */
export function Pager({
  page: { hasNextPage, endCursor },
  path,
  view = new URLSearchParams(),
  after,
}: {
  page: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  path: string;
  /** What else stands in the address. */
  view?: URLSearchParams;
  /** What this page begins behind; null for the first one. */
  after: string | null;
}) {
  const next = hasNextPage ? endCursor : null;
  if (!next && after === null) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-end gap-2">
      {after !== null && <ButtonLink href={`${path}?${view}`}>First page</ButtonLink>}
      {next && (
        <ButtonLink href={`${path}?${new URLSearchParams([...view, ['after', next]])}`}>Next page</ButtonLink>
      )}
    </nav>
  );
}

import { ButtonLink } from './button.tsx';

/** On to the next page of a list, and back to its beginning. */
export function Pager({
  hasNextPage,
  endCursor,
  path,
  keep = {},
  restarts = false,
}: {
  hasNextPage: boolean;
  endCursor: string | null;
  path: string;
  /** What else stands in the address. */
  keep?: Readonly<Record<string, string>>;
  /** Whether this is a later page. */
  restarts?: boolean;
}) {
  const next = hasNextPage && endCursor ? endCursor : null;
  if (!next && !restarts) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-end gap-2">
      {restarts && <ButtonLink href={`${path}?${new URLSearchParams(keep)}`}>First page</ButtonLink>}
      {next && (
        <ButtonLink href={`${path}?${new URLSearchParams({ ...keep, after: next })}`}>Next page</ButtonLink>
      )}
    </nav>
  );
}

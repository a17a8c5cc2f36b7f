import { ButtonLink } from './button.tsx';

/** On to the next page of a list. */
export function Pager({
  hasNextPage,
  endCursor,
  path,
  keep = {},
}: {
  hasNextPage: boolean;
  endCursor: string | null;
  path: string;
  /** What else stands in the address. */
  keep?: Readonly<Record<string, string>>;
}) {
  if (!hasNextPage || !endCursor) return null;
  return (
    <nav aria-label="Pages" className="mt-4 flex justify-end">
      <ButtonLink href={`${path}?${new URLSearchParams({ ...keep, after: endCursor })}`}>
        Next page
      </ButtonLink>
    </nav>
  );
}

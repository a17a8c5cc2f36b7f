import { difference, percent, points } from '#src/format/numbers.ts';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import type { PublishedRow } from './published-row.ts';
import { accountingOf, addressOf, placeOf } from './words.ts';

/** Published results, each against its own base. On a phone: what, on what, what it saved and changed. */
export function PublishedTable({
  results,
  caption,
  removable = false,
}: {
  results: readonly PublishedRow[];
  caption: string;
  /** Whether the team's own can be removed here. */
  removable?: boolean;
}) {
  const canRemove = removable && results.some(({ viewerCanRemove }) => viewerCanRemove);
  return (
    <DataTable
      caption={caption}
      rows={results}
      keyOf={({ id }) => id}
      columns={[
        {
          name: 'Method',
          namesRow: true,
          className: 'py-1 pr-2 font-medium',
          cell: ({ method, shipped, createdBy }) => (
            <>
              {method}{' '}
              {!shipped && (
                <span className="ml-1 text-small font-normal text-ink-soft">
                  added by {createdBy?.name ?? 'somebody who is gone'}
                </span>
              )}
            </>
          ),
        },
        { name: 'Architecture', className: 'whitespace-nowrap', cell: ({ architecture }) => architecture },
        {
          name: 'Data set',
          from: 'md',
          className: 'whitespace-nowrap',
          cell: ({ dataset }) => dataset ?? 'not said',
        },
        { name: 'Base top-1', right: true, from: 'md', cell: ({ baseTop1 }) => percent(baseTop1) },
        { name: 'Top-1', right: true, from: 'md', cell: ({ top1 }) => percent(top1) },
        { name: 'Change', right: true, cell: ({ baseTop1, top1 }) => points(difference(top1, baseTop1)) },
        { name: 'MACs', right: true, cell: ({ savedMacs }) => removed(savedMacs) },
        { name: 'Params', right: true, from: 'md', cell: ({ savedParams }) => removed(savedParams) },
        { name: 'Source', from: 'md', cell: (result) => <Source result={result} /> },
        { name: 'Counted in', from: 'lg', className: 'text-small text-ink-soft', cell: accountingOf },
        canRemove && {
          name: 'Remove',
          unseen: true,
          cell: ({ id, method, architecture, viewerCanRemove }) =>
            viewerCanRemove && (
              <MoveToTrash id={id} name={`${method} on ${architecture}`} back="/published" />
            ),
        },
      ]}
    />
  );
}

/** "−47.4 %": the share of its own base that went. */
function removed(share: number | null): string {
  return percent(share === null ? null : -share, 1);
}

function Source({ result }: { result: PublishedRow }) {
  const { title, authors, note } = result;
  const address = addressOf(result);
  const told = [title, authors, note].filter(Boolean).join('\n');
  return address === null ? (
    <span title={told}>{placeOf(result)}</span>
  ) : (
    <a
      href={address}
      rel="noreferrer"
      target="_blank"
      title={told}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-current"
    >
      {placeOf(result)}
    </a>
  );
}

import { percent, points } from '#src/format/numbers.ts';
import { MoveToTrash } from '#src/trash/move-to-trash.tsx';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { PublishedRow } from './published-row.ts';
import { accountingOf, addressOf, changeOf, placeOf } from './words.ts';

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
    <Table caption={caption}>
      <thead>
        <tr>
          <Th>Method</Th>
          <Th>Architecture</Th>
          <Th className="hidden md:table-cell">Data set</Th>
          <Th right className="hidden md:table-cell">
            Base top-1
          </Th>
          <Th right className="hidden md:table-cell">
            Top-1
          </Th>
          <Th right>Change</Th>
          <Th right>MACs</Th>
          <Th right className="hidden md:table-cell">
            Params
          </Th>
          <Th className="hidden md:table-cell">Source</Th>
          <Th className="hidden lg:table-cell">Counted in</Th>
          {canRemove && (
            <Th>
              <span className="sr-only">Remove</span>
            </Th>
          )}
        </tr>
      </thead>
      <tbody>
        {results.map((result) => (
          <Tr key={result.id}>
            <th scope="row" className="border-b border-line py-1 pr-2 font-medium">
              {result.method}{' '}
              {!result.shipped && (
                <span className="ml-1 text-small font-normal text-ink-soft">
                  added by {result.createdBy?.name ?? 'somebody who is gone'}
                </span>
              )}
            </th>
            <Td className="whitespace-nowrap">{result.architecture}</Td>
            <Td className="hidden whitespace-nowrap md:table-cell">{result.dataset ?? 'not said'}</Td>
            <Td right className="hidden md:table-cell">
              {percent(result.baseTop1)}
            </Td>
            <Td right className="hidden md:table-cell">
              {percent(result.top1)}
            </Td>
            <Td right>{points(changeOf(result))}</Td>
            <Td right>{removed(result.savedMacs)}</Td>
            <Td right className="hidden md:table-cell">
              {removed(result.savedParams)}
            </Td>
            <Td className="hidden md:table-cell">
              <Source result={result} />
            </Td>
            <Td className="hidden text-small text-ink-soft lg:table-cell">{accountingOf(result)}</Td>
            {canRemove && (
              <Td>
                {result.viewerCanRemove && (
                  <MoveToTrash
                    id={result.id}
                    name={`${result.method} on ${result.architecture}`}
                    back="/published"
                  />
                )}
              </Td>
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
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

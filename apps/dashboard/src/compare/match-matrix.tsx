import { UNKNOWN } from '#src/format/numbers.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import type { Match, Strategy } from './analysis-query.ts';
import { type MatchRow, matchRows } from './match-matrix.ts';
import { StrategyLabel } from './strategy-label.tsx';

/** Wins, ties and losses of every strategy against every other one. */
export function MatchMatrix({
  name,
  strategies,
  matches,
  isExplained,
}: {
  name: string;
  strategies: readonly Strategy[];
  matches: readonly Match[];
  /** Once a page is enough. */
  isExplained: boolean;
}) {
  const untested = matches.reduce((sum, match) => sum + match.untested, 0);
  const apart = Math.max(0, ...matches.map((match) => match.apart ?? 0));
  return (
    <>
      <DataTable
        caption={`Wins, ties and losses of strategies: ${name}`}
        rows={matchRows(strategies, matches)}
        keyOf={({ strategy }) => strategy.key}
        columns={[
          {
            name: 'Won / tied / lost',
            sticky: true,
            namesRow: true,
            className: 'h-9 pr-4',
            cell: ({ strategy }) => <StrategyLabel strategy={strategy} />,
          },
          ...strategies.map((other, column) => ({
            name: other.name,
            key: other.key,
            right: true,
            className: 'whitespace-nowrap',
            title: ({ cells }: MatchRow) => cells[column]?.words,
            cell: ({ cells }: MatchRow) => {
              const cell = cells[column];
              return (
                <>
                  {cell && (cell.text ?? (cell.uncompared > 0 ? '' : UNKNOWN))}
                  {cell && cell.uncompared > 0 && (
                    <span className="text-small text-ink-soft"> {cell.uncompared} not compared</span>
                  )}
                  {cell && cell.text !== null && cell.untested > 0 && (
                    <span className="text-small text-ink-soft"> +{cell.untested}</span>
                  )}
                </>
              );
            },
          })),
        ]}
      />
      {apart > 0 && (
        <p className="text-small text-ink-soft">
          Not compared: savings differ by up to {(apart * 100).toFixed(1)} points there, and who removes more
          has the harder task. Such meetings count for nobody.
        </p>
      )}
      {isExplained && (
        <p className="text-small text-ink-soft">
          The row against the column, at every target and seed that both have, equal networks once: won or
          lost is what McNemar’s exact test tells apart at p &lt; 0.05, each meeting by itself.
          {untested > 0 &&
            ' Runs whose right and wrong images were not kept are not tested: nothing, or the number after +.'}
        </p>
      )}
    </>
  );
}

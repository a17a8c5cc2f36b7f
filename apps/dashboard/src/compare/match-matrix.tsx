import { UNKNOWN } from '#src/format/numbers.ts';
import { strategyWords } from '#src/format/strategies.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { Match, Strategy } from './analysis-query.ts';
import { matchRows, strategyKey } from './match-matrix.ts';
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
  const rows = matchRows(strategies, matches);
  const untested = matches.reduce((sum, match) => sum + match.untested, 0);
  return (
    <>
      <Table caption={`Wins, ties and losses of strategies: ${name}`}>
        <thead>
          <tr>
            <Th className="sticky left-0 z-10 bg-page">Won / tied / lost</Th>
            {strategies.map((strategy) => (
              <Th key={strategyKey(strategy)} right>
                {strategyWords(strategy)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ strategy, cells }) => (
            <Tr key={strategyKey(strategy)} className="group">
              <th
                scope="row"
                className="sticky left-0 z-10 h-9 border-b border-line bg-page pr-4 text-left group-hover:bg-hover"
              >
                <StrategyLabel strategy={strategy} />
              </th>
              {cells.map((cell, column) => (
                <Td
                  key={strategyKey(strategies[column] ?? strategy)}
                  right
                  className="whitespace-nowrap"
                  title={cell?.words}
                >
                  {cell && (cell.text ?? UNKNOWN)}
                  {cell && cell.text !== null && cell.untested > 0 && (
                    <span className="text-small text-ink-soft"> +{cell.untested}</span>
                  )}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
      {isExplained && (
        <p className="text-small text-ink-soft">
          The row against the column, at every target and seed that both have: won or lost is what McNemar’s
          exact test tells apart at p &lt; 0.05, each meeting by itself.
          {untested > 0 &&
            ' Runs whose right and wrong images were not kept are not tested: nothing, or the number after +.'}
        </p>
      )}
    </>
  );
}

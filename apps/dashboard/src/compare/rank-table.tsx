import { fixed, percent, plural, UNKNOWN } from '#src/format/numbers.ts';
import { targetWords } from '#src/format/strategies.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { RankTable as Ranks, RunGroup } from './analysis-query.ts';
import { strategyKey } from './match-matrix.ts';
import { StrategyLabel } from './strategy-label.tsx';

/** Strategies by their mean rank: accuracy over seeds at each target, and over all targets that they share. */
export function RankTable({ name, ranks, areas }: { name: string; ranks: Ranks; areas: RunGroup['areas'] }) {
  const { points, strategies } = ranks;
  const shared = points.filter((point) => point.shared).length;
  const means = new Map(areas.strategies.map(({ strategy, mean }) => [strategyKey(strategy), mean]));
  return (
    <>
      <Table caption={`Ranks of strategies: ${name}`}>
        <thead>
          <tr>
            <Th className="sticky left-0 z-10 bg-page">Strategy</Th>
            <Th right>Mean rank</Th>
            <Th right>Top-1, mean</Th>
            <Th right className="hidden md:table-cell">
              Under the curve
            </Th>
            {points.map(({ metric, share, shared: isShared }) => (
              <Th key={`${metric} ${share}`} right className={isShared ? '' : 'text-ink-faint'}>
                {targetWords({ metric, share })}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {strategies.map(({ strategy, meanRank, overall, points: cells }) => (
            <Tr key={strategyKey(strategy)} className="group">
              <th
                scope="row"
                className="sticky left-0 z-10 h-9 border-b border-line bg-page pr-4 text-left group-hover:bg-hover"
              >
                <StrategyLabel strategy={strategy} />
              </th>
              <Td right>{fixed(meanRank, 2)}</Td>
              <Td right>
                <Spread spread={overall} />
              </Td>
              <Td right className="hidden md:table-cell">
                {percent(means.get(strategyKey(strategy)))}
              </Td>
              {cells.map((cell, at) => (
                <Td key={`${points[at]?.metric} ${points[at]?.share}`} right className="whitespace-nowrap">
                  {cell && <span className="mr-2 text-small text-ink-soft">{ordinal(cell.rank)}</span>}
                  <Spread spread={cell} />
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="text-small text-ink-soft">
        {shared === 0
          ? 'The strategies have no target in common: there is no mean rank.'
          : `Mean rank and mean over the ${plural(shared, 'target')} that all strategies have; ± is the deviation over seeds.`}
        {areas.from !== null &&
          ` Under the curve: mean accuracy over ${percent(areas.from, 0)} to ${percent(areas.to, 1)} of the MACs removed.`}
        {points.some(isLoose) &&
          ` What was really removed differs within a target (${points.filter(isLoose).map(rangeWords).join('; ')}): who removes more has the harder task.`}
      </p>
    </>
  );
}

function Spread({
  spread,
}: {
  spread: { readonly mean: number; readonly deviation: number | null; readonly n: number } | null;
}) {
  if (!spread) return UNKNOWN;
  return (
    <span title={plural(spread.n, 'seed')} className="whitespace-nowrap">
      {percent(spread.mean)}
      {spread.deviation !== null && (
        <span className="text-small text-ink-soft"> ± {(spread.deviation * 100).toFixed(2)}</span>
      )}
    </span>
  );
}

/** "1.", "2.5." */
function ordinal(rank: number): string {
  return `${rank}.`;
}

/** Above this two savings are two operating points. */
const SAME_SAVING = 0.02;

type Point = Ranks['points'][number];

function isLoose({ savedFrom, savedTo }: Point): boolean {
  return savedFrom !== null && savedTo !== null && savedTo - savedFrom > SAME_SAVING;
}

function rangeWords(point: Point): string {
  return `${targetWords(point)}: ${percent(point.savedFrom, 1)} to ${percent(point.savedTo, 1)}`;
}

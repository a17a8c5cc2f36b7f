import { fixed, percent, plural, UNKNOWN } from '#src/format/numbers.ts';
import { targetWords } from '#src/format/strategies.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import type { RankTable as Ranks, RunGroup } from './analysis-query.ts';
import { Deviation } from './deviation.tsx';
import { StrategyLabel } from './strategy-label.tsx';

/** Strategies by their mean rank: accuracy over seeds at each target, and over all targets that they share. */
export function RankTable({ name, ranks, areas }: { name: string; ranks: Ranks; areas: RunGroup['areas'] }) {
  const { points, strategies } = ranks;
  const shared = points.filter((point) => point.shared).length;
  const means = new Map(areas.strategies.map(({ strategy, mean }) => [strategy.key, mean]));
  return (
    <>
      <DataTable
        caption={`Ranks of strategies: ${name}`}
        rows={strategies}
        keyOf={({ strategy }) => strategy.key}
        columns={[
          {
            name: 'Strategy',
            sticky: true,
            namesRow: true,
            className: 'h-9 pr-4',
            cell: ({ strategy }) => <StrategyLabel strategy={strategy} />,
          },
          { name: 'Mean rank', right: true, cell: ({ meanRank }) => fixed(meanRank, 2) },
          { name: 'Top-1, mean', right: true, cell: ({ overall }) => <Spread spread={overall} /> },
          {
            name: 'Under the curve',
            right: true,
            from: 'md',
            cell: ({ strategy }) => percent(means.get(strategy.key)),
          },
          ...points.map((point, at) => ({
            name: targetWords(point),
            key: `${point.metric} ${point.share}`,
            right: true,
            head: { className: point.shared ? '' : 'text-ink-faint' },
            className: 'whitespace-nowrap',
            cell: ({ points: cells }: Ranks['strategies'][number]) => (
              <>
                {cells[at] && (
                  <span className="mr-2 text-small text-ink-soft">{ordinal(cells[at].rank)}</span>
                )}
                <Spread spread={cells[at] ?? null} />
              </>
            ),
          })),
        ]}
      />
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
      <Deviation of={spread.deviation} />
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

import { fixed, percent, plural, UNKNOWN } from '#src/format/numbers.ts';
import { directionWords, headOf, type QualityMetric, valueText } from '#src/format/quality.ts';
import { targetWords } from '#src/format/strategies.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import type { RankTable as Ranks, RunGroup } from './analysis-query.ts';
import { apartWords } from './apart.ts';
import { Deviation } from './deviation.tsx';
import { SAME_SAVING } from './runs.ts';
import { StrategyLabel } from './strategy-label.tsx';

/** Strategies by their mean rank: values over seeds at each target, and over all targets that they share. */
export function RankTable({
  name,
  metric,
  ranks,
  areas,
}: {
  name: string;
  metric: QualityMetric;
  ranks: Ranks;
  areas: RunGroup['areas'];
}) {
  const { points, strategies } = ranks;
  const shared = points.filter((point) => point.shared && point.apart === null).length;
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
          {
            name: `${headOf(metric)}, mean`,
            right: true,
            cell: ({ overall }) => <Spread spread={overall} metric={metric} />,
          },
          {
            name: 'Under the curve',
            right: true,
            from: 'md',
            cell: ({ strategy }) => valueText(metric, means.get(strategy.key)),
          },
          ...points.map((point, at) => ({
            name: targetWords(point),
            key: `${point.metric} ${point.share}`,
            right: true,
            head: { className: point.shared && point.apart === null ? '' : 'text-ink-faint' },
            className: 'whitespace-nowrap',
            cell: ({ points: cells }: Ranks['strategies'][number]) => (
              <>
                {cells[at]?.rank != null && (
                  <span className="mr-2 text-small text-ink-soft">{ordinal(cells[at].rank)}</span>
                )}
                <Spread spread={cells[at] ?? null} metric={metric} />
              </>
            ),
          })),
        ]}
      />
      <p className="text-small text-ink-soft">
        {metric.direction === 'LOWER' && `${headOf(metric)}: ${directionWords(metric)}. `}
        {shared === 0
          ? 'The strategies have no target in common at which they save alike: there is no mean rank.'
          : `Mean rank and mean over the ${plural(shared, 'target')} that all strategies have and save alike at; ± is the deviation over seeds, equal networks counting once.`}
        {areas.from !== null &&
          ` Under the curve: mean ${metric.label} over ${percent(areas.from, 0)} to ${percent(areas.to, 1)} of the MACs removed.`}
        {points.map((point) =>
          point.apart === null
            ? ''
            : ` ${targetWords(point)}: ${apartWords(point.apart)} (${rangeWords(point)}).`,
        )}
        {points.some(isLoose) &&
          ` What was really removed differs within a target (${points.filter(isLoose).map(looseWords).join('; ')}): who removes more has the harder task.`}
      </p>
    </>
  );
}

function Spread({
  spread,
  metric,
}: {
  metric: QualityMetric;
  spread: { readonly mean: number; readonly deviation: number | null; readonly n: number } | null;
}) {
  if (!spread) return UNKNOWN;
  return (
    <span title={plural(spread.n, 'network')} className="whitespace-nowrap">
      {valueText(metric, spread.mean)}
      <Deviation of={spread.deviation} metric={metric} />
    </span>
  );
}

/** "1.", "2.5." */
function ordinal(rank: number): string {
  return `${rank}.`;
}

type Point = Ranks['points'][number];

function isLoose({ apart, savedFrom, savedTo }: Point): boolean {
  return apart === null && savedFrom !== null && savedTo !== null && savedTo - savedFrom > SAME_SAVING;
}

function looseWords(point: Point): string {
  return `${targetWords(point)}: ${rangeWords(point)}`;
}

function rangeWords({ savedFrom, savedTo }: Point): string {
  return `${percent(savedFrom, 1)} to ${percent(savedTo, 1)}`;
}

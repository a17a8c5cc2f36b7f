import { percent, UNKNOWN } from '#src/format/numbers.ts';
import { changeText, commonMetric, metricNamed } from '#src/format/quality.ts';
import { targetWords } from '#src/format/strategies.ts';
import { DataTable } from '#src/ui/data-table.tsx';
import type { RelativeResult } from './analysis-query.ts';
import { Deviation } from './deviation.tsx';
import { StrategyLabel } from './strategy-label.tsx';

/** Strategies over several networks or data sets, each run against its own base: side by side, in no order of merit. */
export function RelativeTable({ results }: { results: readonly RelativeResult[] }) {
  const common = commonMetric(results.map(({ qualityMetric }) => metricNamed(qualityMetric)));
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h3 className="font-semibold">Over all networks and data sets</h3>
      <DataTable
        caption="Strategies over all networks and data sets, against their own bases"
        rows={results}
        keyOf={({ strategy, metric, share }) => `${strategy.key} ${metric} ${share}`}
        columns={[
          { name: 'Strategy', cell: ({ strategy }) => <StrategyLabel strategy={strategy} /> },
          { name: 'To remove', className: 'whitespace-nowrap', cell: targetWords },
          { name: 'Bases', right: true, from: 'md', cell: ({ bases }) => bases },
          { name: 'Runs', right: true, cell: ({ runs }) => runs },
          {
            name: 'MACs removed',
            right: true,
            from: 'md',
            cell: ({ savedMacs }) => percent(savedMacs?.mean, 1),
          },
          {
            name: 'Params removed',
            right: true,
            from: 'md',
            cell: ({ savedParams }) => percent(savedParams?.mean, 1),
          },
          {
            name: common ? `Change of ${common.label}` : 'Change',
            right: true,
            className: 'whitespace-nowrap',
            cell: ({ change, qualityMetric }) => (
              <>
                {!common && (
                  <span className="mr-2 text-small text-ink-soft">{metricNamed(qualityMetric).label}</span>
                )}
                {change ? changeText(metricNamed(qualityMetric), change.mean) : UNKNOWN}
                <Deviation of={change?.deviation} metric={metricNamed(qualityMetric)} />
              </>
            ),
          },
        ]}
      />
      <p className="text-small text-ink-soft">
        Means over runs, each against its own unpruned network. In the order of names: what a point is worth
        differs from network to network, so this ranks nothing.
      </p>
    </div>
  );
}

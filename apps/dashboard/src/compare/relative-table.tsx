import { percent, points, UNKNOWN } from '#src/format/numbers.ts';
import { targetWords } from '#src/format/strategies.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { RelativeResult } from './analysis-query.ts';
import { strategyKey } from './match-matrix.ts';
import { StrategyLabel } from './strategy-label.tsx';

/** Strategies over several networks or data sets, each run against its own base: side by side, in no order of merit. */
export function RelativeTable({ results }: { results: readonly RelativeResult[] }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h3 className="font-semibold">Over all networks and data sets</h3>
      <Table caption="Strategies over all networks and data sets, against their own bases">
        <thead>
          <tr>
            <Th>Strategy</Th>
            <Th>To remove</Th>
            <Th right className="hidden md:table-cell">
              Bases
            </Th>
            <Th right>Runs</Th>
            <Th right className="hidden md:table-cell">
              MACs removed
            </Th>
            <Th right className="hidden md:table-cell">
              Params removed
            </Th>
            <Th right>Change of top-1</Th>
          </tr>
        </thead>
        <tbody>
          {results.map(({ strategy, metric, share, runs, bases, savedMacs, savedParams, change }) => (
            <Tr key={`${strategyKey(strategy)} ${metric} ${share}`}>
              <Td>
                <StrategyLabel strategy={strategy} />
              </Td>
              <Td className="whitespace-nowrap">{targetWords({ metric, share })}</Td>
              <Td right className="hidden md:table-cell">
                {bases}
              </Td>
              <Td right>{runs}</Td>
              <Td right className="hidden md:table-cell">
                {percent(savedMacs?.mean, 1)}
              </Td>
              <Td right className="hidden md:table-cell">
                {percent(savedParams?.mean, 1)}
              </Td>
              <Td right className="whitespace-nowrap">
                {change ? points(change.mean) : UNKNOWN}
                {change && change.deviation !== null && (
                  <span className="text-small text-ink-soft"> ± {(change.deviation * 100).toFixed(2)}</span>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="text-small text-ink-soft">
        Means over runs, each against its own unpruned network. In the order of names: what a point is worth
        differs from network to network, so this ranks nothing.
      </p>
    </div>
  );
}

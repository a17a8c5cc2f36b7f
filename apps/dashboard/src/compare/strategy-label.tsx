import { Dot } from '#src/ui/dot.tsx';
import type { Strategy } from './analysis-query.ts';
import { strategyName } from './match-matrix.ts';

/** A strategy with its colour. */
export function StrategyLabel({ strategy }: { strategy: Strategy }) {
  return (
    <span className="flex items-center gap-2 font-medium whitespace-nowrap">
      <Dot allocation={strategy.allocation} />
      {strategyName(strategy)}
    </span>
  );
}

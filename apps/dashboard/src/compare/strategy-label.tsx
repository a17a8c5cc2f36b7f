import { criterionIn } from '#src/format/shapes.ts';
import { Dot } from '#src/ui/dot.tsx';
import type { Strategy } from './analysis-query.ts';

/** A strategy with its colour. */
export function StrategyLabel({ strategy }: { strategy: Pick<Strategy, 'name' | 'allocation'> }) {
  return (
    <span className="flex items-center gap-2 font-medium whitespace-nowrap">
      <Dot allocation={strategy.allocation} criterion={criterionIn(strategy.name)} />
      {strategy.name}
    </span>
  );
}

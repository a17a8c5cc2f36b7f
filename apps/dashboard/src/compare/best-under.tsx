import Link from 'next/link';
import { count, milliseconds } from '#src/format/numbers.ts';
import { type QualityMetric, valueText } from '#src/format/quality.ts';
import { criterionIn } from '#src/format/shapes.ts';
import { targetWords } from '#src/format/strategies.ts';
import { Dot } from '#src/ui/dot.tsx';
import type { BestRun } from './analysis-query.ts';
import { type Budget, budgetWords } from './budget.ts';

/** The best run within a budget, in one line. */
export function BestUnder({
  budget,
  best,
  metric: judgedBy,
}: {
  budget: Budget;
  best: BestRun | null;
  metric: QualityMetric;
}) {
  if (!best) return <p>No run is within {budgetWords(budget)}.</p>;
  const { run, strategy, metric, share, seed, value, macs, params, latencyMs } = best;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <span className="text-ink-soft">Within {budgetWords(budget)}:</span>
      <Link href={`/runs/${run.id}`} className="flex items-center gap-2 font-medium hover:underline">
        <Dot allocation={strategy.allocation} criterion={criterionIn(strategy.name)} />
        {strategy.name} · {targetWords({ metric, share })} · seed {seed}
      </Link>
      <span className="numbers">
        {judgedBy.label} {valueText(judgedBy, value)}
      </span>
      <span className="numbers text-ink-soft">
        {count(Number(macs))} MACs, {count(Number(params))} params, {milliseconds(latencyMs)}
      </span>
    </p>
  );
}

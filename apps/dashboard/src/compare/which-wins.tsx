'use client';

import { useSearchParams } from 'next/navigation';
import { type ExportFormat, exportUrl } from '#src/format/export-url.ts';
import { plural } from '#src/format/numbers.ts';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { useNear } from '#src/ui/use-near.ts';
import {
  type AnalysedRuns,
  type Analysis,
  analysisQuery,
  MOST_GROUPS,
  type RunGroup,
} from './analysis-query.ts';
import { BestUnder } from './best-under.tsx';
import { type Budget, budgetInput, readBudget } from './budget.ts';
import { BudgetForm } from './budget-form.tsx';
import { MatchMatrix } from './match-matrix.tsx';
import { RankTable } from './rank-table.tsx';
import { RelativeTable } from './relative-table.tsx';

/** Anything valid where no budget is asked for: the field is left out of the question then. */
const NO_BUDGET: Budget = { metric: 'macs', most: 1 };

/**
 * Strategies ranked, tested against each other and summed up, a group of comparable runs after another. Asked for when
 * it comes near the part of the page that is seen: the answer takes the API a while where there are thousands of runs.
 *
 * @param finished runs that were when the page was made: with more of them strategies are compared again
 * @param budgeted whether the address has a place for a budget
 */
export function WhichWins({
  filter,
  finished,
  budgeted = false,
}: {
  filter: AnalysedRuns;
  finished: number;
  budgeted?: boolean;
}) {
  const params = useSearchParams();
  const budget = budgeted ? readBudget(Object.fromEntries(params)) : undefined;
  const { ref, near } = useNear<HTMLDivElement>();
  const { answer, error, isCurrent } = useAnswer(
    analysisQuery,
    near
      ? { filter, groups: MOST_GROUPS, budget: budgetInput(budget ?? NO_BUDGET), asked: budget != null }
      : null,
    finished,
  );
  if (error) return <Notice kind="error">{error}</Notice>;
  if (answer)
    return (
      <Winners
        analysis={answer.analysis}
        budget={budget}
        isCurrent={isCurrent}
        exportUrl={(format) => exportUrl('strategies', format, { filter })}
      />
    );
  return (
    <div ref={ref} className="min-h-8">
      {near && <p className="py-2 text-ink-soft">Comparing strategies …</p>}
    </div>
  );
}

/**
 * @param budget undefined where the page has no place for one in its address
 * @param isCurrent whether the analysis is already of that budget
 */
function Winners({
  analysis,
  budget,
  isCurrent,
  exportUrl: urlOf,
}: {
  analysis: Analysis;
  budget: Budget | null | undefined;
  isCurrent: boolean;
  exportUrl: (format: ExportFormat) => string;
}) {
  const { groups, groupCount, lacking, truncated, count, relative } = analysis;
  const contested = groups.filter(({ ranks }) => ranks.strategies.length > 1);
  if (contested.length === 0) return null;
  const bases = Math.max(...relative.map((result) => result.bases));
  return (
    <Section
      title="Which strategy wins"
      aside={<ExportMenu of="strategies" one="strategy and target" url={urlOf} />}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        {(truncated || lacking.totalCount > 0 || groupCount > contested.length) && (
          <Notice>
            {[
              truncated ? `Of ${plural(count, 'finished run')} the newest 5,000 are looked at.` : '',
              groupCount > contested.length
                ? `Only runs that may be compared share a ranking: of ${plural(groupCount, 'group')} of such runs the largest with several strategies ${contested.length === 1 ? 'is' : `${contested.length} are`} shown.`
                : '',
              lacking.totalCount > 0
                ? `${plural(lacking.totalCount, 'run')} without all of params, MACs and a value ${lacking.totalCount === 1 ? 'is' : 'are'} left out.`
                : '',
            ]
              .filter(Boolean)
              .join(' ')}
          </Notice>
        )}
        {budget !== undefined && <BudgetForm budget={budget} />}
        {contested.map((group, at) => (
          <Group
            key={`${group.model.id} ${group.dataset.id} ${group.name}`}
            group={group}
            budget={isCurrent ? (budget ?? null) : null}
            named={groupCount > 1}
            isFirst={at === 0}
          />
        ))}
        {bases > 1 && <RelativeTable results={relative} />}
      </div>
    </Section>
  );
}

function Group({
  group,
  budget,
  named,
  isFirst,
}: {
  group: RunGroup;
  budget: Budget | null;
  /** Where it is not the only one. */
  named: boolean;
  isFirst: boolean;
}) {
  const strategies = group.ranks.strategies.map(({ strategy }) => strategy);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {named && (
        <h3 className="font-semibold">
          {group.name} <span className="font-normal text-ink-soft">({plural(group.count, 'run')})</span>
        </h3>
      )}
      {budget && <BestUnder budget={budget} best={group.best ?? null} metric={group.qualityMetric} />}
      <RankTable name={group.name} metric={group.qualityMetric} ranks={group.ranks} areas={group.areas} />
      {group.qualityMetric.name === 'TOP1' ? (
        <MatchMatrix
          name={group.name}
          strategies={strategies}
          matches={group.matches}
          isExplained={isFirst}
        />
      ) : (
        <p className="text-small text-ink-soft">
          There is no paired test by {group.qualityMetric.label}: nothing of it is kept image by image. What
          stands for chance is the deviation over seeds.
        </p>
      )}
    </div>
  );
}

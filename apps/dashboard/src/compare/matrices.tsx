'use client';

import { useState } from 'react';
import { HeatMap } from '#src/charts/heat-map.tsx';
import { useAnswer } from '#src/graphql/use-answer.ts';
import { matrixIn } from '#src/runs/sampled-matrix.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { Section } from '#src/ui/section.tsx';
import { matricesQuery } from './compare-query.ts';
import type { ComparedRun } from './runs.ts';

/** Matrices that a person can still read side by side. */
const MOST = 4;

/** What the chosen runs were cut by, each with its own structure outlined; read once somebody wants them. */
export function Matrices({ runs }: { runs: readonly ComparedRun[] }) {
  const [isOpen, setOpen] = useState(false);
  const shown = runs.slice(0, MOST);
  const { answer, error } = useAnswer(matricesQuery, isOpen ? { ids: shown.map(({ id }) => id) } : null);
  const [group, setGroup] = useState<string>();
  const sampled = shown.flatMap(({ id, name }) => {
    const run = answer?.nodes.find((node) => node?.__typename === 'Run' && node.id === id);
    const matrix = run?.__typename === 'Run' ? matrixIn(run.sampling) : null;
    return run?.__typename === 'Run' && matrix
      ? [{ id, name, matrix, structure: run.result?.groups ?? [] }]
      : [];
  });
  return (
    <Section
      title="Contribution matrices"
      aside={runs.length > MOST ? `of the first ${MOST} runs` : undefined}
    >
      {error && <Notice kind="error">{error}</Notice>}
      {!isOpen && (
        <Button className="mt-1" onClick={() => setOpen(true)}>
          Show matrices
        </Button>
      )}
      {isOpen && answer === null && !error && <p className="py-2 text-ink-soft">Loading matrices …</p>}
      {answer !== null && sampled.length === 0 && (
        <p className="py-2 text-ink-soft">None of these runs used a sampling.</p>
      )}
      <div className="grid gap-8 pt-1 xl:grid-cols-2">
        {sampled.map(({ id, name, matrix, structure }) => (
          <div key={id} className="min-w-0">
            <h3 className="mb-2 font-semibold">{name}</h3>
            <HeatMap
              matrix={matrix}
              structure={structure}
              row={group}
              onRow={setGroup}
              label={name}
              first="position"
            />
          </div>
        ))}
      </div>
    </Section>
  );
}

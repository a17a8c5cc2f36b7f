'use client';

import { useMemo, useState } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { HeatMap } from '#src/charts/heat-map.tsx';
import { sensitivityPlot } from '#src/charts/lines.ts';
import { type GroupWidth, type Matrix, removedShare } from '#src/charts/matrix.ts';
import { grouped } from '#src/format/numbers.ts';
import { Section } from '#src/ui/section.tsx';

/** The matrix, and the curve of the group that was chosen in it. */
export function MatrixPart({
  matrix,
  structure,
  samples,
  tolerance,
}: {
  matrix: Matrix;
  structure: readonly GroupWidth[];
  samples: number;
  /** The drop that the search allowed each group; null where it went by something else, or is not over. */
  tolerance: number | null;
}) {
  const [group, setGroup] = useState(matrix.groups[0]);
  const removed = removedShare(structure.find((each) => each.group === group));
  const plot = useMemo(
    () => (group === undefined ? null : sensitivityPlot(matrix, group, { removed, tolerance })),
    [matrix, group, removed, tolerance],
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 2xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Section
        title="Contribution matrix"
        aside={`by ${matrix.metric.label}, ${grouped(samples)} images per measurement`}
      >
        <HeatMap matrix={matrix} structure={structure} row={group} onRow={setGroup} />
      </Section>
      {plot && (
        <Section title="Sensitivity" aside={<span className="font-mono text-small">{group}</span>}>
          <Chart
            label={`Damage by ${matrix.metric.label} over the share of ${group} that is removed, with one standard error; the matrix has the numbers`}
            plot={plot}
          />
        </Section>
      )}
    </div>
  );
}

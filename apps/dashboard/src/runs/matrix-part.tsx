'use client';

import { useState } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { HeatMap } from '#src/charts/heat-map.tsx';
import { sensitivityOption } from '#src/charts/lines.ts';
import type { GroupWidth, Matrix } from '#src/charts/matrix.ts';
import { grouped } from '#src/format/numbers.ts';
import { Section } from '#src/ui/section.tsx';

/** The matrix, and the curve of the group that was chosen in it. */
export function MatrixPart({
  matrix,
  structure,
  samples,
}: {
  matrix: Matrix;
  structure: readonly GroupWidth[];
  samples: number;
}) {
  const [group, setGroup] = useState(matrix.groups[0]);
  return (
    <div className="grid gap-8 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <Section title="Contribution matrix" aside={`${grouped(samples)} images a cell`}>
        <HeatMap matrix={matrix} structure={structure} row={group} onRow={setGroup} />
      </Section>
      {group && (
        <Section title="Sensitivity" aside={<span className="font-mono text-small">{group}</span>}>
          <Chart
            label={`Drop of top-1 over the share of ${group} that is removed, with one standard error; the matrix has the numbers`}
            option={(palette) => sensitivityOption(matrix, group, palette)}
          />
        </Section>
      )}
    </div>
  );
}

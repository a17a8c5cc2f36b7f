'use client';

import { useMemo } from 'react';
import { Chart } from '#src/charts/chart.tsx';
import { type HeldOut, heldOutPlot, type Stair, stairsPlot } from '#src/charts/latency.ts';
import { milliseconds, percent } from '#src/format/numbers.ts';

/** What a run takes at every width, as the profile predicts it. */
export function StairsChart({ stairs, baseMs }: { stairs: readonly Stair[]; baseMs: number }) {
  const plot = useMemo(() => stairsPlot(stairs, baseMs), [stairs, baseMs]);
  const [narrow] = stairs;
  const words = narrow
    ? `from ${milliseconds(narrow.milliseconds)} at ${percent(narrow.share, 0)} of the channels to ${milliseconds(stairs.at(-1)?.milliseconds)} at all of them`
    : '';
  return <Chart plot={plot} label={`Time of a run over the share of channels kept, ${words}`} />;
}

/** How far the prediction is off, on structures that had no part in it. */
export function HeldOutChart({ heldOut }: { heldOut: readonly HeldOut[] }) {
  const plot = useMemo(() => heldOutPlot(heldOut), [heldOut]);
  return (
    <Chart
      plot={plot}
      label={`Predicted over measured time of ${heldOut.length} structures that had no part in the profile`}
    />
  );
}

import { milliseconds, percent, times } from '#src/format/numbers.ts';
import { shareAxis, WHOLE } from './axes.ts';
import type { Dash, Plot, Series } from './plot.ts';

const atAxis = (ms: number) => (ms === 0 ? '0' : milliseconds(ms));

/** A network with the same share of every group. */
export interface Stair {
  readonly share: number;
  readonly milliseconds: number;
}

/** The time of a run over the width of the network: stairs where the engine computes channels in blocks. */
export function stairsPlot(stairs: readonly Stair[], baseMs: number): Plot {
  // The time as given is in sight, too.
  const most = 1.08 * Math.max(baseMs, ...stairs.map(({ milliseconds: ms }) => ms));
  return {
    x: { ...shareAxis('channels kept of every group'), ...WHOLE },
    y: { name: 'a run', format: atAxis, from: 0, to: most },
    series: [
      {
        ...{ name: 'predicted', colour: 'var(--accent)', line: 'solid', step: 'start', size: 4 },
        points: stairs.map(({ share, milliseconds: ms }) => ({
          ...{ x: share, y: ms },
          words: [
            `${percent(share, 0)} of the channels of every group`,
            `${milliseconds(ms)}, ${times(baseMs, ms)} as fast`,
          ],
        })),
      },
    ],
    marks: [{ words: `as given ${milliseconds(baseMs)}`, y: baseMs, end: 'left' }],
  };
}

/** A structure that had no part in a profile. */
export interface HeldOut {
  readonly predictedMs: number;
  readonly measuredMs: number;
}

/** Shown beside the diagonal: what is aimed at. */
const BAND = 0.05;

/** Predicted over measured: on the diagonal where a profile is right. */
export function heldOutPlot(heldOut: readonly HeldOut[]): Plot {
  const most =
    1.08 * Math.max(0, ...heldOut.flatMap(({ predictedMs, measuredMs }) => [predictedMs, measuredMs]));
  const ray = (name: string, slope: number, line: Dash): Series => ({
    ...{ name, colour: 'var(--ink-soft)', line, width: 1, size: 0 },
    // It ends at the frame.
    points: [
      { x: 0, y: 0 },
      { x: Math.min(most, most / slope), y: Math.min(most, most * slope) },
    ],
  });
  return {
    x: { name: 'measured', format: atAxis, from: 0, to: most },
    y: { name: 'predicted', format: atAxis, from: 0, to: most },
    series: [
      ray('right', 1, 'solid'),
      ray('5 % slower', 1 + BAND, 'dashed'),
      ray('5 % faster', 1 - BAND, 'dashed'),
      {
        ...{ name: 'structures', colour: 'var(--accent)', size: 10 },
        points: heldOut.map(({ predictedMs, measuredMs }) => ({
          ...{ x: measuredMs, y: predictedMs },
          words: [
            `measured ${milliseconds(measuredMs)}, predicted ${milliseconds(predictedMs)}`,
            `${percent(Math.abs(predictedMs / measuredMs - 1), 1)} off`,
          ],
        })),
      },
    ],
  };
}

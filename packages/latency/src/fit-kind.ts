import { factorAt, fitFactors } from './factors.ts';
import { nonNegative } from './least-squares.ts';
import type { KindTime } from './profile.ts';

/** A layer of a kind, timed. */
export interface LayerTime {
  readonly inputs: number;
  readonly outputs: number;
  readonly milliseconds: number;
}

/** Channels are computed in blocks of so many: which ones, the engine and the device decide. */
const STEPS = { inputs: [1, 4, 8, 16], outputs: [1, 4, 8, 16, 32] };
const FOLDS = 4;

/**
 * How the time of layers of one kind follows their channels: a constant, a part for each block of inputs, of outputs,
 * and of both (the products). Errors count relative to the time. The steps are those by which times are predicted best
 * that were left out of the fit. What is left then is told width by width: see `fitFactors`.
 */
export function fitKind(times: readonly LayerTime[]): Omit<KindTime, 'kind'> {
  let best = { steps: { inputs: 1, outputs: 1 }, error: Number.POSITIVE_INFINITY };
  for (const inputs of STEPS.inputs) {
    for (const outputs of STEPS.outputs) {
      const error = leftOutError(times, { inputs, outputs });
      // Of steps that predict alike the coarser ones tell nothing that was measured.
      if (error < best.error - 1e-9) best = { steps: { inputs, outputs }, error };
    }
  }
  const formula = { steps: best.steps, milliseconds: coefficients(times, best.steps) };
  const predicted = times.map((time) => timeOf(formula, time));
  return { ...formula, factors: fitFactors(times, predicted), samples: times.length };
}

/** Milliseconds of a layer of a kind. */
export function timeOf(kind: Formula, { inputs, outputs }: Pick<LayerTime, 'inputs' | 'outputs'>): number {
  return timeOfSides(kind, sideOf(kind, 'inputs', inputs), sideOf(kind, 'outputs', outputs));
}

/** What the time of a layer depends on of the channels that it reads, or of those that it writes. */
export interface Side {
  /** Channels in whole blocks. */
  readonly blocks: number;
  readonly factor: number;
}

export function sideOf({ steps, factors }: Formula, side: 'inputs' | 'outputs', channels: number): Side {
  return { blocks: inBlocks(channels, steps[side]), factor: factorAt(factors?.[side], channels) };
}

/** {@link timeOf} of channels that were looked up. */
export function timeOfSides(
  { milliseconds: [constant, perInput, perOutput, perBoth] }: Pick<Formula, 'milliseconds'>,
  { blocks: a, factor }: Side,
  { blocks: b, factor: other }: Side,
): number {
  return (constant + a * perInput + b * perOutput + a * b * perBoth) * factor * other;
}

export type Formula = Pick<KindTime, 'steps' | 'milliseconds' | 'factors'>;

function inBlocks(channels: number, step: number): number {
  return Math.ceil(channels / step) * step;
}

function features({ inputs, outputs }: LayerTime, steps: KindTime['steps']): number[] {
  const [a, b] = [inBlocks(inputs, steps.inputs), inBlocks(outputs, steps.outputs)];
  return [1, a, b, a * b];
}

function coefficients(times: readonly LayerTime[], steps: KindTime['steps']): KindTime['milliseconds'] {
  const rows = times.map((time) => features(time, steps).map((value) => value / time.milliseconds));
  const scales = [0, 1, 2, 3].map((i) => Math.hypot(...rows.map((row) => row[i] ?? 0)) || 1);
  const scaled = rows.map((row) => row.map((value, i) => value / (scales[i] ?? 1)));
  const found = nonNegative(
    scaled,
    times.map(() => 1),
  );
  const at = (i: number) => (found[i] ?? 0) / (scales[i] ?? 1);
  return [at(0), at(1), at(2), at(3)];
}

function leftOutError(times: readonly LayerTime[], steps: KindTime['steps']): number {
  let error = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const kept = times.filter((_, i) => i % FOLDS !== fold);
    if (kept.length === 0) continue;
    const milliseconds = coefficients(kept, steps);
    for (const time of times.filter((_, i) => i % FOLDS === fold)) {
      // One that was disturbed counts as wrong, not as wrong a hundred times.
      error += Math.min(1, Math.abs(timeOf({ steps, milliseconds }, time) / time.milliseconds - 1));
    }
  }
  return error / times.length;
}

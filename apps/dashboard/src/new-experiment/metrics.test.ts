import { expect, it } from 'vitest';
import { fittingMetrics, type ModelOutput } from './metrics.ts';

const METRICS = (['TOP1', 'TOP5', 'LOSS', 'FIDELITY', 'AGREEMENT', 'KL'] as const).map((name) => ({
  ...{ name, needsLabels: ['TOP1', 'TOP5', 'LOSS'].includes(name) },
}));
const output = (tellsClasses: boolean, tellsProbabilities = false): ModelOutput => ({
  ...{ name: 'out', tellsClasses, tellsProbabilities },
});
const names = (outputs: readonly ModelOutput[] | null, classes: number) =>
  fittingMetrics(METRICS, outputs, classes).map(({ name }) => name);

it('offers what fits the images and the outputs, the usual one first', () => {
  expect(names([output(true, true)], 10)).toEqual(['TOP1', 'TOP5', 'LOSS', 'FIDELITY', 'AGREEMENT', 'KL']);
  expect(names([output(true)], 5)).toEqual(['TOP1', 'LOSS', 'FIDELITY', 'AGREEMENT']);
  // Without labels, or with several outputs, nothing is compared with labels.
  expect(names([output(true)], 0)).toEqual(['FIDELITY', 'AGREEMENT']);
  expect(names([output(true), output(false)], 10)).toEqual(['FIDELITY', 'AGREEMENT']);
  expect(names([output(false)], 0)).toEqual(['FIDELITY']);
  expect(names(null, 0)).toEqual(['FIDELITY', 'AGREEMENT', 'KL']);
});

import { expect, it } from 'vitest';
import { fittingMetrics, type ModelOutput } from './metrics.ts';

const METRICS = (['TOP1', 'TOP5', 'LOSS', 'FIDELITY', 'AGREEMENT', 'KL', 'COSINE'] as const).map((name) => ({
  ...{ name, needsLabels: ['TOP1', 'TOP5', 'LOSS'].includes(name) },
}));
const output = (tellsClasses: boolean, tellsProbabilities = false, isEmbedding = false): ModelOutput => ({
  ...{ name: 'out', tellsClasses, tellsProbabilities, isEmbedding },
});
const names = (outputs: readonly ModelOutput[] | null, classes: number) =>
  fittingMetrics(METRICS, outputs, classes).map(({ name }) => name);

it('offers what fits the images and the outputs, the usual one first', () => {
  expect(names([output(true, true)], 10)).toEqual([
    ...['TOP1', 'TOP5', 'LOSS', 'FIDELITY', 'AGREEMENT', 'KL', 'COSINE'],
  ]);
  expect(names([output(true)], 5)).toEqual(['TOP1', 'LOSS', 'FIDELITY', 'AGREEMENT', 'COSINE']);
  // Without labels, or with several outputs, nothing is compared with labels.
  expect(names([output(true)], 0)).toEqual(['FIDELITY', 'AGREEMENT', 'COSINE']);
  expect(names([output(true), output(false)], 10)).toEqual(['FIDELITY', 'AGREEMENT', 'COSINE']);
  expect(names([output(false)], 0)).toEqual(['FIDELITY']);
  expect(names(null, 0)).toEqual(['FIDELITY', 'AGREEMENT', 'KL', 'COSINE']);
  // An embedding has no classes, whatever folders its images lie in; old summaries do not tell of one.
  const embedding = output(false, false, true);
  expect([names([embedding], 10), names([embedding], 0)]).toEqual(Array(2).fill(['COSINE', 'FIDELITY']));
  expect(names([embedding, output(false)], 0)).toEqual(['FIDELITY', 'COSINE']);
  expect(names([{ ...output(false), isEmbedding: null }], 0)).toEqual(['FIDELITY']);
});

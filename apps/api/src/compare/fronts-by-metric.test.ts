import { expect, it } from 'vitest';
import { frontsByMetric } from './fronts-by-metric.ts';

it('runs beat only those that are judged by the same metric and weights, each in its direction', () => {
  const runs = [
    ['top1', null, 0.9, 10],
    ['top1', null, 0.8, 10],
    ['fidelity', null, 0.3, 10],
    ['fidelity', null, 0.2, 10],
    ['fidelity', '{"heat": 3}', 0.5, 20],
    ['fidelity', null, null, 1],
  ] as const;
  const flags = frontsByMetric({
    metrics: runs.map(([metric]) => metric),
    weights: runs.map(([, weights]) => weights),
    values: runs.map(([, , value]) => value),
    costs: runs.map(([, , , cost]) => cost),
  });
  expect(flags).toEqual([true, false, false, true, true, false]);
});

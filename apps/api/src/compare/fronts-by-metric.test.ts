import { expect, it } from 'vitest';
import { frontsByMetric } from './fronts-by-metric.ts';

const judgedHere = (count: number) => ({
  evaluators: Array.from({ length: count }, () => null),
  bases: Array.from({ length: count }, () => 0.9),
  grounds: Array.from({ length: count }, () => 'net'),
});

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
    ...judgedHere(runs.length),
    values: runs.map(([, , value]) => value),
    costs: runs.map(([, , , cost]) => cost),
  });
  expect(flags).toEqual([true, false, false, true, true, false]);
});

it('runs beat only those of programs that score the unpruned network alike', () => {
  const runs = [
    [null, 0.95, 'net', 0.9, 10],
    ['pytorch 1', 0.9505, 'net', 0.91, 10],
    ['jax 1', 0.9, 'net', 0.8, 10],
    // Of another network it is not known how the two are to each other.
    ['pytorch 1', 0.8, 'other', 0.7, 10],
    [null, 0.85, 'other', 0.6, 10],
  ] as const;
  const flags = frontsByMetric({
    metrics: runs.map(() => 'top1'),
    weights: runs.map(() => null),
    evaluators: runs.map(([evaluator]) => evaluator),
    bases: runs.map(([, base]) => base),
    grounds: runs.map(([, , ground]) => ground),
    values: runs.map(([, , , value]) => value),
    costs: runs.map(([, , , , cost]) => cost),
  });
  expect(flags).toEqual([false, true, true, true, false]);
});

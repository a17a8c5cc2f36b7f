import { METRICS } from '@espalier/engines';
import { expect, it } from 'vitest';
import { changeOf, columnHead, commonMetric, metricNamed } from './quality.ts';

it('knows metrics by the names of the API, and what a drop does to a value', () => {
  expect([metricNamed('FIDELITY'), metricNamed(null)]).toEqual([METRICS.fidelity, METRICS.top1]);
  expect([changeOf(METRICS.kl, 0.5), changeOf(METRICS.agreement, 0.5)]).toEqual([0.5, -0.5]);
  expect(commonMetric([METRICS.kl, METRICS.kl])).toBe(METRICS.kl);
  expect(commonMetric([METRICS.kl, METRICS.top1])).toBeNull();
  expect([columnHead(METRICS.top1), columnHead(METRICS.fidelity)]).toEqual([
    ...['top-1', 'output error (lower is better)'],
  ]);
});

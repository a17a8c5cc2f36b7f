import { expect, it } from 'vitest';
import {
  amountText,
  changeOf,
  changeText,
  commonMetric,
  directionWords,
  headOf,
  metricNamed,
  type QualityMetric,
  TOP1,
  unprunedValue,
  valueText,
} from './quality.ts';

const LOSS: QualityMetric = {
  ...{ name: 'LOSS', label: 'loss', direction: 'LOWER', unit: 'NATS', unchanged: null },
};
const ERROR: QualityMetric = {
  ...{ name: 'FIDELITY', label: 'output error', direction: 'LOWER', unit: 'RATIO', unchanged: 0 },
};

it('reads the key of a metric of another tool', () => {
  expect(metricNamed('mAP:higher:share')).toEqual({
    ...{ name: 'mAP:higher:share', label: 'mAP', direction: 'HIGHER', unit: 'SHARE', unchanged: null },
  });
  expect(metricNamed('NLL: val:lower:nats')).toMatchObject({
    label: 'NLL: val',
    direction: 'LOWER',
    unit: 'NATS',
  });
  expect(metricNamed(null)).toBe(TOP1);
});

it('writes values with their units, and changes with their signs', () => {
  expect([TOP1, LOSS, ERROR].map((metric) => valueText(metric, 0.41284))).toEqual([
    ...['41.28 %', '0.413 nats', '0.4128'],
  ]);
  expect([TOP1, LOSS, ERROR].map((metric) => changeText(metric, 0.0312))).toEqual([
    ...['+3.12 pt', '+0.031 nats', '+0.0312'],
  ]);
  expect([TOP1, LOSS, ERROR].map((metric) => changeText(metric, -0.0312))).toEqual([
    ...['−3.12 pt', '−0.031 nats', '−0.0312'],
  ]);
  expect(amountText(ERROR, 0.5)).toBe('0.5000');
  expect(amountText(TOP1, 0)).toBe('0.00 pt');
  expect([TOP1, LOSS, ERROR].map((metric) => valueText(metric, null))).toEqual(['–', '–', '–']);
});

it('what is worse falls where more is better, and grows where less is', () => {
  expect([changeOf(TOP1, 0.1), changeOf(ERROR, 0.1), changeOf(ERROR, null)]).toEqual([-0.1, 0.1, null]);
  expect([headOf(ERROR), directionWords(ERROR), directionWords(TOP1)]).toEqual([
    ...['Output error', 'lower is better', 'higher is better'],
  ]);
});

it('knows the metric of many, and the value of the unpruned network', () => {
  expect(commonMetric([ERROR, { ...ERROR }])).toEqual(ERROR);
  expect(commonMetric([ERROR, TOP1])).toBeNull();
  expect(commonMetric([])).toBeNull();
  const base = { top1: 0.9, top5: 0.99, loss: 0.3 };
  expect([TOP1, LOSS, ERROR].map((metric) => unprunedValue(metric, base))).toEqual([0.9, 0.3, 0]);
  expect([TOP1, ERROR].map((metric) => unprunedValue(metric, null))).toEqual([null, 0]);
});

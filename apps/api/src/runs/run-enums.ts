// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { COST_METRICS, type CostMetric } from '@espalier/network';
import { RunState } from '@espalier/store';
import { enumType } from '../graphql/enums.ts';

export const RunStateEnum = enumType('RunState', Object.values(RunState), 'State of a run.');

export const MetricEnum = enumType<CostMetric>('Metric', COST_METRICS, 'The metric of a target.', {
  macs: 'Multiply-accumulates for one image.',
  params: 'Parameters.',
  latency: 'Time of a run on a device, by the device profile of the experiment.',
});

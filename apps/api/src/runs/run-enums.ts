// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { Target } from '@espalier/pruning';
import { RunState } from '@espalier/store';
import { enumType } from '../graphql/enums.ts';

export const RunStateEnum = enumType('RunState', Object.values(RunState), 'Where a run stands.');

export const MetricEnum = enumType<Target['metric']>(
  'Metric',
  ['macs', 'params'],
  'What a target is a share of.',
);

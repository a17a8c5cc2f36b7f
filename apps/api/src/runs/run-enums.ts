// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import type { Target } from '@espalier/pruning';
import { RunState } from '@espalier/store';
import { registerEnumType } from 'type-graphql';

registerEnumType(RunState, { name: 'RunState', description: 'Where a run stands.' });
export const RunStateEnum = RunState;

export const Metric = { macs: 'macs', params: 'params' } as const satisfies Record<Target['metric'], string>;
registerEnumType(Metric, { name: 'Metric', description: 'What a target is a share of.' });

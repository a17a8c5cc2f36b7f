import { orderInput } from '../query/order.ts';
import { RUN } from './run-tables.ts';

export const { OrderInput: RunOrder, sorting: runSorting } = orderInput('Run', 'runs', {
  top1: { value: RUN.top1, type: 'float8' },
  drop: { value: RUN.drop, type: 'float8' },
  savedMacs: { value: RUN.savedMacs, type: 'float8' },
  savedParams: { value: RUN.savedParams, type: 'float8' },
  macs: { value: RUN.macs, type: 'bigint' },
  params: { value: RUN.params, type: 'bigint' },
  latency: { value: RUN.latencyMs, type: 'float8' },
});
export type RunOrder = InstanceType<typeof RunOrder>;

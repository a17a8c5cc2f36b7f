import { Prisma } from '@espalier/store';
import { orderInput } from '../query/order.ts';
import { RATIO, RUN } from './run-tables.ts';

export const RUN_ORDER = orderInput('Run', 'runs', {
  top1: { value: RUN.top1, type: 'float8' },
  drop: { value: RUN.drop, type: 'float8' },
  value: { value: RUN.value, type: 'float8' },
  valueDrop: { value: RUN.valueDrop, type: 'float8' },
  savedMacs: { value: RUN.savedMacs, type: 'float8' },
  savedParams: { value: RUN.savedParams, type: 'float8' },
  macs: { value: RUN.macs, type: 'bigint' },
  params: { value: RUN.params, type: 'bigint' },
  latency: { value: RUN.latencyMs, type: 'float8' },
  throughput: { value: RUN.throughput, type: 'float8' },
  loss: { value: RUN.loss, type: 'float8' },
  bytes: { value: RUN.bytes, type: 'bigint' },
  ratioParams: { value: RATIO.params, type: 'float8' },
  ratioMacs: { value: RATIO.macs, type: 'float8' },
  ratioBytes: { value: RATIO.bytes, type: 'float8' },
  ratioLatency: { value: RATIO.latency, type: 'float8' },
  ratioThroughput: { value: RATIO.throughput, type: 'float8' },
  savedLatency: { value: RUN.savedLatency, type: 'float8' },
  /** Milliseconds on the device of the profile. */
  predicted: { value: RUN.predictedMs, type: 'float8' },
  measured: { value: RUN.measuredMs, type: 'float8' },
  ratioPredicted: { value: RATIO.predicted, type: 'float8' },
  ratioMeasured: { value: RUN.ratioMeasured, type: 'float8' },
  /** That it is computed with. */
  engine: { value: RUN.engine, type: 'text' },
  /** Milliseconds: as a number it is the same text in every session. */
  finished: { value: Prisma.sql`(extract(epoch FROM ${RUN.finishedAt}) * 1000)::bigint`, type: 'bigint' },
});
export const { OrderInput: RunOrder, sorting: runSorting } = RUN_ORDER;
export type RunOrder = InstanceType<typeof RunOrder>;

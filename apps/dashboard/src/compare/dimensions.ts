import type { Dimension } from '#src/charts/parallel.ts';
import { count, milliseconds, percent } from '#src/format/numbers.ts';
import { commonMetric, valueText } from '#src/format/quality.ts';
import { type ComparedRun, settingsOf } from './runs.ts';

/** The axes of the parallel coordinates: those on which the runs differ, what was asked on the left, what came on the right. */
export function dimensions(runs: readonly ComparedRun[]): Dimension[] {
  const metric = commonMetric(runs.map(({ judgedBy }) => judgedBy));
  const all: Dimension[] = [
    { name: 'model', values: runs.map(({ model }) => model) },
    { name: 'allocation', values: runs.map(({ allocation }) => allocation) },
    { name: 'criterion', values: runs.map(({ criterion }) => criterion) },
    { name: 'settings', values: runs.map(settingsOf) },
    { name: 'to remove', values: runs.map(({ share }) => share), format: (value) => percent(value, 0) },
    { name: 'MACs', values: runs.map(({ macs }) => macs), format: (value) => count(value) },
    { name: 'params', values: runs.map(({ params }) => params), format: (value) => count(value) },
    { name: 'on the device', values: runs.map(({ predictedMs }) => predictedMs), format: milliseconds },
    { name: 'latency', values: runs.map(({ latencyMs }) => latencyMs), format: milliseconds },
    // Values of several metrics have no axis in common.
    ...(metric
      ? [
          {
            name: 'as cut',
            values: runs.map(({ prunedValue }) => prunedValue),
            format: (value: number) => valueText(metric, value, 0),
          },
          {
            name: 'repaired',
            values: runs.map(({ repairedValue }) => repairedValue),
            format: (value: number) => valueText(metric, value, 0),
          },
          {
            name: metric.label,
            values: runs.map(({ value }) => value),
            format: (value: number) => valueText(metric, value, 1),
          },
        ]
      : [{ name: 'judged by', values: runs.map(({ judgedBy }) => judgedBy.label) }]),
  ];
  return all.filter(({ values }) => new Set(values).size > 1);
}

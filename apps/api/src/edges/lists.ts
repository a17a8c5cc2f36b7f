// What is under an object, each as the list at the root has it.
import type { Prisma } from '@espalier/store';
import { DATASET_ORDER, datasetSource } from '../datasets/datasets.ts';
import { experimentSorting } from '../experiments/experiment-filter.ts';
import type { ExperimentListArgs } from '../experiments/experiment-resolver.ts';
import { experimentSource } from '../experiments/experiments.ts';
import { modelSorting } from '../models/model-filter.ts';
import type { ModelListArgs } from '../models/model-resolver.ts';
import { modelSource } from '../models/models.ts';
import { runSorting } from '../runs/run-order.ts';
import type { RunListArgs } from '../runs/run-resolver.ts';
import { runSource } from '../runs/runs.ts';
import type { SamplingListArgs } from '../sampling/sampling-resolver.ts';
import { samplingSorting, samplingSource } from '../sampling/samplings.ts';
import type { ListUnder } from './list-under.ts';

type Of = ListUnder['of'];

/** Rows are `r`, their experiment `e`: see RUN_TABLES. */
export function runsUnder(field: string, { filter, order }: RunListArgs, of: Of): ListUnder {
  return { field, source: (self) => runSource(self, filter ?? {}), sorting: runSorting(order), of };
}

/** Rows are `i`. */
export function experimentsUnder(field: string, { filter, order }: ExperimentListArgs, of: Of): ListUnder {
  return {
    field,
    source: (self) => experimentSource(self, filter ?? {}),
    sorting: experimentSorting(order),
    of,
  };
}

/** Rows are `i`. */
export function modelsUnder(field: string, { filter, order }: ModelListArgs, of: Of): ListUnder {
  return { field, source: (self) => modelSource(self, filter ?? {}), sorting: modelSorting(order), of };
}

/** Rows are `s`. */
export function samplingsUnder(field: string, { filter, order }: SamplingListArgs, of: Of): ListUnder {
  return { field, source: (self) => samplingSource(self, filter ?? {}), sorting: samplingSorting(order), of };
}

/** Rows are `d`. */
export function datasetsUnder(field: string, of: (id: Prisma.Sql) => Prisma.Sql): ListUnder {
  return { field, source: datasetSource, sorting: DATASET_ORDER, of };
}

// What is under an object, each as the list at the root has it.
import { type DatasetListArgs, datasetSorting } from '../datasets/dataset-filter.ts';
import { datasetSource } from '../datasets/dataset-source.ts';
import { type MeasurementListArgs, measurementSorting } from '../devices/measurement-filter.ts';
import { measurementSource } from '../devices/measurement-source.ts';
import { type ProfileListArgs, profileSorting } from '../devices/profile-filter.ts';
import { profileSource } from '../devices/profile-source.ts';
import { type ExperimentListArgs, experimentSorting } from '../experiments/experiment-filter.ts';
import { experimentSource } from '../experiments/experiment-source.ts';
import { type ModelListArgs, modelSorting } from '../models/model-filter.ts';
import { modelSource } from '../models/model-source.ts';
import type { RunListArgs } from '../runs/run-filter.ts';
import { runSorting } from '../runs/run-order.ts';
import { runSource } from '../runs/run-source.ts';
import { type SamplingListArgs, samplingSorting } from '../sampling/sampling-filter.ts';
import { samplingSource } from '../sampling/sampling-source.ts';
import { type DeliveryListArgs, deliverySorting } from '../webhooks/webhook-filter.ts';
import { deliverySource } from '../webhooks/webhook-source.ts';
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
export function datasetsUnder(field: string, { filter, order }: DatasetListArgs, of: Of): ListUnder {
  return { field, source: (self) => datasetSource(self, filter ?? {}), sorting: datasetSorting(order), of };
}

/** Rows are `p`. */
export function profilesUnder(field: string, { filter, order }: ProfileListArgs, of: Of): ListUnder {
  return { field, source: (self) => profileSource(self, filter ?? {}), sorting: profileSorting(order), of };
}

/** Rows are `x`. */
export function measurementsUnder(field: string, { filter, order }: MeasurementListArgs, of: Of): ListUnder {
  return {
    field,
    source: (self) => measurementSource(self, filter ?? {}),
    sorting: measurementSorting(order),
    of,
  };
}

/** Rows are `d`. */
export function deliveriesUnder(field: string, { filter, order }: DeliveryListArgs, of: Of): ListUnder {
  return { field, source: (self) => deliverySource(self, filter ?? {}), sorting: deliverySorting(order), of };
}

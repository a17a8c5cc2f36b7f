import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { shippedFields } from '#src/runs/shipped.tsx';

const shipRun = graphql(
  `
  fragment ShipRun on Run @_unmask {
    id
    strategy { name }
    allocation
    criterion
    metric
    share
    targetMs
    seed
    shipped { ...ShippedFields }
    result { valueDrop downloadUrl format ratio { macs latency } latencyInterval { low high } }
  }
`,
  [shippedFields],
);

/** The runs of an experiment that save most MACs while they lose at most so much. */
export const toShip = graphql(
  `
  query ToShip($modelId: ID!, $filter: RunFilter!) {
    model(id: $modelId) {
      half: bestRun(by: MACS, maxDrop: 0.005, filter: $filter) { ...ShipRun }
      one: bestRun(by: MACS, maxDrop: 0.01, filter: $filter) { ...ShipRun }
      two: bestRun(by: MACS, maxDrop: 0.02, filter: $filter) { ...ShipRun }
    }
  }
`,
  [shipRun],
);

/** In the order of what they may lose. */
export const DROPS = { half: 0.005, one: 0.01, two: 0.02 } as const;

export type ShipRun = NonNullable<NonNullable<ResultOf<typeof toShip>['model']>['half']>;

import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** What is asked for whenever the slider moves. */
export const allocate = graphql(`
  query Explore($samplingRun: ID!, $target: TargetInput!, $profile: ID, $allocations: [String!]!) {
    allocate(samplingRun: $samplingRun, target: $target, profile: $profile, allocations: $allocations) {
      share
      largest
      base { params macs latencyMs }
      structures {
        allocation
        widths
        predictedDrop
        cost { params macs latencyMs }
        saved { params macs latency }
        onnx
      }
      refused { allocation reason }
    }
  }
`);

export type Allocations = NonNullable<ResultOf<typeof allocate>['allocate']>;
export type Structure = Allocations['structures'][number];

/** All of one structure, as a file. */
export const structureFile = graphql(`
  query StructureFile($samplingRun: ID!, $target: TargetInput!, $profile: ID, $allocation: String!) {
    allocate(samplingRun: $samplingRun, target: $target, profile: $profile, allocations: [$allocation]) {
      share
      base { params macs latencyMs }
      structures {
        allocation
        predictedDrop
        cost { params macs latencyMs }
        saved { params macs latency }
        groups { group before after kept }
        cuts { tensor axis kept }
      }
    }
  }
`);

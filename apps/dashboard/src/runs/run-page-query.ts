import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { resultFields } from './result-fields.ts';

/** All that the page of one run shows. */
export const runPage = graphql(
  `
  query RunPage($id: ID!) {
    tags { tag }
    methods { allocations { name } criteria }
    viewer { viewerCanEdit }
    run(id: $id) {
      id
      allocation
      criterion
      metric
      share
      seed
      state
      error
      createdAt
      startedAt
      finishedAt
      tags
      notes
      ahead
      progress { stage done total ratePerSecond secondsLeft }
      stages { name state startedAt finishedAt seconds done total }
      epochs { epoch loss top1 learningRate imagesPerSecond seconds }
      experiment { id name base { top1 } model { id name params macs } dataset { id name } }
      events { seq kind data createdAt }
      sampling {
        id
        state
        samples
        baselineTop1
        matrix { groups grid accuracy drop monotoneDrop contribution standardError importance }
      }
      result { ...ResultFields }
    }
  }
`,
  [resultFields],
);

export type RunDetail = NonNullable<ResultOf<typeof runPage>['run']>;

import { graphql } from '#src/graphql/graphql.ts';

export const cancelRuns = graphql(`
  mutation CancelRuns($ids: [ID!]!) {
    cancelRuns(input: { ids: $ids }) { ok errors { message } }
  }
`);

export const retryRuns = graphql(`
  mutation RetryRuns($ids: [ID!]!) {
    retryRuns(input: { ids: $ids }) { ok errors { message } }
  }
`);

export const addTags = graphql(`
  mutation AddTags($ids: [ID!]!, $tags: [String!]!) {
    addTags(input: { ids: $ids, tags: $tags }) { ok errors { message } }
  }
`);

/** Where the networks of runs can be fetched. */
export const networksOfRuns = graphql(`
  query NetworksOfRuns($ids: [ID!]!, $after: String) {
    runs(first: 100, after: $after, filter: { id: { in: $ids } }) {
      nodes { id result { downloadUrl } }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

export const trashPage = graphql(`
  query TrashPage($after: String) {
    viewer { viewerCanEdit viewerCanManage }
    trash(first: 50, after: $after) { nodes { id reference name deletedAt } pageInfo { hasNextPage endCursor } totalCount }
  }
`);

/** Of something that is not where its address says. */
export const inTrash = graphql(`
  query InTrash($id: ID!) {
    trash(first: 1, filter: { reference: { in: [$id] } }) { nodes { name reference } }
  }
`);

export type TrashItem = ResultOf<typeof trashPage>['trash']['nodes'][number];

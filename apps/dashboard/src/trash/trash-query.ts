import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

export const trashPage = graphql(`
  query TrashPage($after: String) {
    viewer { viewerCanEdit viewerCanManage }
    trash(first: 50, after: $after) { nodes { id reference name deletedAt } pageInfo { hasNextPage endCursor } totalCount }
  }
`);

export type TrashItem = ResultOf<typeof trashPage>['trash']['nodes'][number];

import { graphql } from '#src/graphql/graphql.ts';

/** A view as its menu lists it. */
export const viewRow = graphql(`
  fragment ViewRow on SavedView @_unmask { id name shared state viewerCanEdit }
`);

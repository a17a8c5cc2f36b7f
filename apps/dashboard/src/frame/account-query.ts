import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** Whose session it is. */
export const accountFields = graphql(`
  fragment AccountFields on Viewer @_unmask { user { name email } team { id name } teams { id name } }
`);

export type Account = ResultOf<typeof accountFields>;

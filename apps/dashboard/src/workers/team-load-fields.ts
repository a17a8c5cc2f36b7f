import { graphql } from '#src/graphql/graphql.ts';

/** What a row of the table takes. Beside it: what a client component exports is no document on the server. */
export const teamLoad = graphql(`
  fragment TeamLoad on TeamLoad @_unmask {
    team { reference name }
    runs { reference state createdAt startedAt }
  }
`);

import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

/** A published result, as tables and charts show it. */
export const publishedRow = graphql(`
  fragment PublishedRow on PublishedResult @_unmask {
    id
    shipped
    architecture
    dataset
    method
    title
    authors
    year
    venue
    url
    doi
    unit
    accounting
    baseTop1
    top1
    baseTop5
    top5
    savedMacs
    savedParams
    note
    createdBy { name }
    viewerCanRemove
  }
`);

export type PublishedRow = ResultOf<typeof publishedRow>;

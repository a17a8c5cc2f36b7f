// Lists that something is chosen from, in menus and fields: of each so much as a page's query brings, the first
// hundred, which are mostly all. `every…` in choices.ts reads what is behind them.
import { graphql } from '#src/graphql/graphql.ts';
import { viewRow } from '#src/views/view-row.ts';

export const tagList = graphql(`
  fragment TagList on TagCountConnection @_unmask {
    nodes { tag runs experiments models }
    pageInfo { hasNextPage endCursor }
  }
`);

export const viewList = graphql(
  `
  fragment ViewList on SavedViewConnection @_unmask {
    nodes { ...ViewRow }
    pageInfo { hasNextPage endCursor }
  }
`,
  [viewRow],
);

export const projectList = graphql(`
  fragment ProjectList on ProjectConnection @_unmask {
    nodes { id name }
    pageInfo { hasNextPage endCursor }
  }
`);

export const datasetList = graphql(`
  fragment DatasetList on DatasetConnection @_unmask {
    nodes { id name hasPixels classes splits { name images } }
    pageInfo { hasNextPage endCursor }
  }
`);

export const modelList = graphql(`
  fragment ModelList on ModelConnection @_unmask {
    nodes { id name }
    pageInfo { hasNextPage endCursor }
  }
`);

/** Who may have made something. */
export const memberList = graphql(`
  fragment MemberList on MemberConnection @_unmask {
    nodes { user { id name } }
    pageInfo { hasNextPage endCursor }
  }
`);

export const deviceList = graphql(`
  fragment DeviceList on DeviceConnection @_unmask {
    nodes { id name }
    pageInfo { hasNextPage endCursor }
  }
`);

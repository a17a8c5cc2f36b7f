import { cache } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';

const whoOperates = graphql(`
  query WhoOperates {
    viewer { viewerCanOperate }
  }
`);

/** Whether the whole installation concerns whoever asks: its hosts, and what other teams have under way. */
export const operates = cache(
  async (): Promise<boolean> => (await query(whoOperates, {})).viewer.viewerCanOperate,
);

import type { NextRequest } from 'next/server';
import { compressionAnswer } from '#src/compression/compression-query.ts';
import { compressionVariables, readCompressionView } from '#src/compression/view.ts';
import { jsonFile } from '#src/format/json-file.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';

const compressionFile = graphql(
  `
  query CompressionFile($budgets: [Float!]!, $metric: CompressionMetric!, $filter: RunFilter!, $first: Int) {
    compression(budgets: $budgets, metric: $metric, filter: $filter) { ...CompressionAnswer }
  }
`,
  [compressionAnswer],
);

/** The page's answer as a file: every ratio of every chosen run. */
export async function GET({ nextUrl }: NextRequest): Promise<Response> {
  const view = readCompressionView(Object.fromEntries(nextUrl.searchParams));
  const { compression } = await query(compressionFile, compressionVariables(view));
  return jsonFile('compression', compression);
}

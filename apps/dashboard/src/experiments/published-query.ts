import { graphql } from '#src/graphql/graphql.ts';
import { query } from '#src/graphql/server.ts';
import { everyNode } from '#src/lists/every.ts';
import { architectureOf, plainName } from '#src/published/match.ts';
import { type PublishedRow, publishedRow } from '#src/published/published-row.ts';
import type { Beside } from './published-beside.tsx';

const publishedList = graphql(
  `
  fragment PublishedList on PublishedResultConnection @_unmask {
    nodes { ...PublishedRow }
    pageInfo { hasNextPage endCursor }
  }
`,
  [publishedRow],
);

const publishedBehind = graphql(
  `
  query PublishedBehind($after: String!, $filter: PublishedResultFilter!) {
    publishedResults(first: 100, after: $after, filter: $filter) { ...PublishedList }
  }
`,
  [publishedList],
);

const publishedBeside = graphql(
  `
  query PublishedBeside($experimentId: ID!, $filter: PublishedResultFilter!) {
    publishedResults(first: 100, filter: $filter) { ...PublishedList }
    comparison(filter: { experiment: { in: [$experimentId] }, state: { in: [FINISHED] } }, most: 5000) {
      comparability(published: $filter) { reasons { rule text } }
    }
  }
`,
  [publishedList],
);

interface Subject {
  readonly architecture: string;
  readonly dataset: string | null;
  readonly results: number;
}

interface Experiment {
  readonly id: string;
  readonly model: { readonly name: string; readonly tags: readonly string[] };
  readonly dataset: { readonly name: string };
}

export interface PublishedBesideRuns {
  readonly beside: Beside;
  readonly results: readonly PublishedRow[];
  /** Why nothing is ranked; null without published results. */
  readonly verdict: string | null;
}

/**
 * What stands beside the runs of an experiment.
 *
 * @param asked what the address says: null for nothing, '1' for the architecture that the model's name says, else an
 *   architecture
 */
export async function publishedOf(
  { id, model, dataset }: Experiment,
  subjects: readonly Subject[],
  asked: string | null,
): Promise<PublishedBesideRuns> {
  const architectures = architecturesOn(dataset.name, subjects);
  const names = architectures.map(({ name }) => name);
  const chosen = names.find((name) => asked !== null && plainName(name) === plainName(asked)) ?? null;
  const architecture = chosen ?? architectureOf(model, names);
  const beside: Beside = {
    ...{ architectures, dataset: dataset.name, on: asked !== null, architecture, byName: chosen === null },
  };
  if (asked === null || architecture === null) return { beside, results: [], verdict: null };
  const filter = { architecture: { in: [architecture] }, dataset: { in: [dataset.name] } };
  const { publishedResults, comparison } = await query(publishedBeside, { experimentId: id, filter });
  const reason = comparison.comparability.reasons.find(({ rule }) => rule === 'PUBLISHED');
  const results = await everyNode(
    publishedResults,
    async (after) => (await query(publishedBehind, { after, filter })).publishedResults,
  );
  return { beside, results, verdict: reason?.text ?? null };
}

/** However they are written: two spellings are one architecture. */
function architecturesOn(dataset: string, subjects: readonly Subject[]): Beside['architectures'] {
  const sameData = subjects.filter(({ dataset: on }) => on !== null && plainName(on) === plainName(dataset));
  const found = new Map<string, { readonly name: string; readonly results: number }>();
  for (const { architecture, results } of sameData) {
    const key = plainName(architecture);
    const { name = architecture, results: before = 0 } = found.get(key) ?? {};
    found.set(key, { name, results: before + results });
  }
  return [...found.values()];
}

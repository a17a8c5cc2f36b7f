import type { initGraphQLTada, TadaDocumentNode } from 'gql.tada';
import type { introspection } from './schema.d.ts';

type Graphql = ReturnType<
  typeof initGraphQLTada<{
    introspection: introspection;
    disableMasking: true;
    // Numbers while they are safe, text beyond.
    scalars: {
      Alignment: number | string;
      BigInt: number;
      DateTimeISO: string;
      JSON: unknown;
      JSONObject: Record<string, unknown>;
      EnumColumn: string[];
      MetricColumn: string[];
      QualityMetricName: string;
      NumberColumn: (number | null)[];
      TextColumn: (string | null)[];
      TimeColumn: (string | null)[];
      FlagColumn: boolean[];
      ListColumn: string[][];
    };
  }>
>;

/** A GraphQL document, typed by the API's committed schema. */
export type Document<Result, Variables> = TadaDocumentNode<Result, Variables>;

/**
 * Documents are only typed, never parsed: the API wants text, and a command starts with all of them.
 * `documents.test.ts` of the API holds them to the schema.
 */
export const graphql = ((text: string, fragments: readonly unknown[] = []) =>
  [text, ...fragments].join('\n')) as unknown as Graphql;

export function textOf<Result, Variables>(document: Document<Result, Variables>): string {
  return String(document);
}

export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';

import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema.d.ts';

/** Documents typed by the API's committed schema. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
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
}>();

export type { ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada';

// The one rule by which an imported number is marked: where it comes from, and what stands behind it.
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';

export const originFields = graphql(`
  fragment OriginFields on Run @_unmask {
    origin
    source { tool }
    result { evidence }
  }
`);

type Told = ResultOf<typeof originFields>;

/** What the mark is made of, as columns and fields of the API have it. */
export interface Marked {
  readonly origin: string | null;
  /** Null of what has no evidence by itself: a sampling, a run without a result. */
  readonly evidence: string | null;
  readonly tool: string | null;
}

const SHORT: Readonly<Record<string, string>> = {
  REPORTED: 'reported',
  STRUCTURE_VERIFIED: 'structure verified',
  RECOMPUTED: 'recomputed',
};

/** "structure verified" */
export function evidenceWord(evidence: string): string {
  return SHORT[evidence] ?? evidence.toLowerCase();
}

/** What stands behind a result, in words. */
export const EVIDENCE: Readonly<Record<string, string>> = {
  REPORTED: 'numbers alone, as they were told',
  STRUCTURE_VERIFIED: 'the network was sent; MACs, params and widths were counted here',
  RECOMPUTED: 'a worker evaluated the network again',
};

/** Whose it is, in a word: "imported". */
function originWord(origin: string): string {
  return origin === 'EXTERNAL' ? 'imported' : origin.toLowerCase();
}

/** Of a run as the API tells it. */
export function markOf({ origin, source, result }: Told): Marked {
  return { origin, tool: source?.tool ?? null, evidence: result?.evidence ?? null };
}

/** "imported", "imported · recomputed"; null for the platform's own, which need no mark. */
export function markWords({ origin, evidence }: Pick<Marked, 'origin' | 'evidence'>): string | null {
  if (origin === null || origin === 'ESPALIER') return null;
  return [originWord(origin), ...(evidence ? [evidenceWord(evidence)] : [])].join(' · ');
}

/** All of it in a sentence. */
export function markTitle({ origin, tool, evidence }: Marked): string {
  const who =
    origin === 'PUBLISHED' ? 'Published by others' : `Imported${tool ? ` (computed by ${tool})` : ''}`;
  const behind = evidence ? EVIDENCE[evidence] : undefined;
  return behind ? `${who}: ${behind}` : who;
}

/** A name where there is room for text alone: in a chart, its legend, a title. */
export function markedName(name: string, marked: Pick<Marked, 'origin' | 'evidence'>): string {
  const words = markWords(marked);
  return words === null ? name : `${name} (${words})`;
}

import type { QualityMetric } from '#src/format/quality.ts';
import { recomputedWords } from './recomputed-words.ts';
import type { RunDetail } from './run-page-query.ts';

type Source = NonNullable<RunDetail['source']>;
type Result = Pick<NonNullable<RunDetail['result']>, 'evidence' | 'evaluator' | 'recomputed'>;

const EVIDENCE = {
  REPORTED: 'numbers alone, as they were told',
  STRUCTURE_VERIFIED: 'the network was sent; MACs, params and widths were counted here',
  RECOMPUTED: 'a worker evaluated the network again',
} as const satisfies Record<NonNullable<Result['evidence']>, string>;

/** Who computed a run elsewhere, and what stands behind its numbers; nothing of the platform's own. */
export function sourceFacts(
  source: Source | null,
  { evidence, evaluator, recomputed }: Result,
  metric: QualityMetric,
): [string, string][] {
  if (!source) return [];
  const { tool, version, commit, host, link } = source;
  const facts: [string, string | null][] = [
    ['Computed elsewhere by', [tool, version].filter(Boolean).join(' ')],
    ['Commit', commit],
    ['Host', host],
    ['Link', link],
    ['Evidence', evidence && EVIDENCE[evidence]],
    ['Judged by (tool, preprocessing)', evaluator],
    ['Recomputed', recomputed && recomputedWords(metric, recomputed)],
    ['Recomputed on', recomputed?.dataset?.name ?? null],
    ['Noted on the way', recomputed?.notes.join('; ') || null],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]));
}

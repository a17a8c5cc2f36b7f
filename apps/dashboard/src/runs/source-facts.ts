import { EVIDENCE } from '#src/format/origin.ts';
import type { QualityMetric } from '#src/format/quality.ts';
import { recomputedWords } from './recomputed-words.ts';
import type { RunDetail } from './run-page-query.ts';

type Source = NonNullable<RunDetail['source']>;
type Result = Pick<NonNullable<RunDetail['result']>, 'evidence' | 'evaluator' | 'recomputed'>;

/** Where an imported run comes from, and what stands behind its numbers; nothing of the platform's own. */
export function sourceFacts(
  source: Source | null,
  { evidence, evaluator, recomputed }: Result,
  metric: QualityMetric,
): [string, string][] {
  if (!source) return [];
  const { tool, version, commit, host, link, name, finishedAt, import: broughtBy } = source;
  const facts: [string, string | null][] = [
    ['Imported from', [tool, version].filter(Boolean).join(' ')],
    ['Called there', name],
    ['Finished there', finishedAt],
    ['Import', broughtBy],
    ['Commit', commit],
    ['Host', host],
    ['Link', link],
    ['Evidence', evidence && (EVIDENCE[evidence] ?? null)],
    ['Judged by (tool, preprocessing)', evaluator],
    ['Recomputed', recomputed && recomputedWords(metric, recomputed)],
    ['Recomputed on', recomputed?.dataset?.name ?? null],
    ['Noted on the way', recomputed?.notes.join('; ') || null],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [[name, value] as [string, string]]));
}

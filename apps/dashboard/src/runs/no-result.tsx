/** In place of a result, by how the run stands. */
const WORDS: Readonly<Record<string, string>> = {
  FAILED: 'There is no result: the run failed.',
  CANCELLED: 'There is no result: the run was cancelled.',
};

export function NoResult({ state }: { state: string }) {
  return <p className="py-2 text-ink-soft">{WORDS[state] ?? 'Results appear here when the run is done.'}</p>;
}

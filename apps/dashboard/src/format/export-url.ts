/** What tables are exported as; Markdown and LaTeX have the columns that a page of a paper has room for. */
export type ExportFormat = 'csv' | 'ndjson' | 'md' | 'tex';

/** Where the API has a table as a file; objects go as JSON. */
export function exportUrl(
  table: 'runs' | 'summary' | 'front' | 'compression' | 'strategies',
  format: ExportFormat,
  asked: Readonly<Record<string, string | object>>,
): string {
  const texts = Object.entries(asked).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return `/files/export/${table}.${format}?${new URLSearchParams(Object.fromEntries(texts))}`;
}

/** Where a number comes from and what stands behind it, as a column or the schema calls it. */
interface Marked {
  readonly origin: string;
  readonly evidence: string | null;
}

const MARKS: Readonly<Record<string, string>> = { espalier: '', external: 'imported' };

/** "structure verified", of STRUCTURE_VERIFIED; of the platform's own nothing. */
export function markWord(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll('_', ' ');
  return MARKS[words] ?? words;
}

/** "imported, recomputed", behind a number in a table for people; empty for the platform's own. */
export function markText({ origin, evidence }: Marked): string {
  return [origin, evidence ?? ''].map(markWord).filter(Boolean).join(', ');
}

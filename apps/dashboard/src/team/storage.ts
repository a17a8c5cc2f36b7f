import { bytes, plural } from '#src/format/numbers.ts';

export interface Usage {
  readonly bytes: number;
  readonly bytesUnderWay: number;
  /** Null for any number. */
  readonly bytesLimit: number | null;
  readonly uploads: number;
}

/** What a team has stored, of what it may: in a sentence. */
export function storageWords(usage: Usage): string {
  const { bytesLimit, bytesUnderWay, uploads } = usage;
  const stored = `${bytes(usage.bytes)}${bytesLimit === null ? '' : ` of ${bytes(bytesLimit)}`} stored, the trash included`;
  return uploads === 0
    ? `${stored}.`
    : `${stored}; ${plural(uploads, 'upload')} under way, ${bytes(bytesUnderWay)}.`;
}

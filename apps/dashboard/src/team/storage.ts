import { bytes } from '#src/format/numbers.ts';

export interface Usage {
  readonly bytes: number;
  readonly bytesUnderWay: number;
  /** Null for any number. */
  readonly bytesLimit: number | null;
}

/** What a team has stored, of what it may: in a sentence. */
export function storageWords({ bytes: stored, bytesUnderWay, bytesLimit }: Usage): string {
  const most = bytesLimit === null ? '' : ` of ${bytes(bytesLimit)}`;
  const more =
    bytesUnderWay === 0 ? '' : `; uploads and runs under way may bring ${bytes(bytesUnderWay)} more`;
  return `${bytes(stored)}${most} stored, the trash included${more}.`;
}

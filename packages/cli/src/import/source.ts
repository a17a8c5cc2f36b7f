import { createHash } from 'node:crypto';
import type { Problem } from './problems.ts';
import type { Row } from './row.ts';

/** What is to be imported, as another tool has it. */
export interface Source {
  readonly kind: 'csv' | 'mlflow';
  readonly name: string;
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
  /** What is not taken, and how often: "3 deleted runs". */
  readonly skipped: readonly string[];
}

const LETTERS = 16;

/** Of a hash as much as tells apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, LETTERS);
}

const LONGEST_KEY = 150;

/** A key has to end somewhere: of a longer one its hash stands at the end. */
export function clientKey(text: string): string {
  if (text.length <= LONGEST_KEY) return text;
  const hash = shortHash(createHash('sha256').update(text).digest('hex'));
  return `${text.slice(0, LONGEST_KEY - hash.length - 1)} ${hash}`;
}

import type { Column, Row } from './table.ts';

/** What a person reads in a cell, in one line. */
export function cellWords({ key, words }: Column, row: Row): string {
  const value = row[key];
  if (value === null || value === undefined) return '–';
  if (words) return inOneLine((words as (value: unknown, row: Row) => string)(value, row));
  return inOneLine(plain(value));
}

/** A value as text; a list with semicolons. */
export function plain(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Array.isArray(value) ? value.join('; ') : String(value);
}

/** A row is a line: what would break it is a space. */
export function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

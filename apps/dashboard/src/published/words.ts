// What is told of a published result and its source.
import type { PublishedRow } from './published-row.ts';

type Source = Pick<PublishedRow, 'title' | 'venue' | 'year' | 'url' | 'doi'>;

/** "CVPR 2023"; the title where neither venue nor year is known. */
export function placeOf({ title, venue, year }: Source): string {
  return [venue, year].filter((part) => part !== null).join(' ') || title;
}

/** Where it can be read; null for a venue alone. */
export function addressOf({ url, doi }: Source): string | null {
  return url ?? (doi === null ? null : `https://doi.org/${doi}`);
}

/** What a cost is there: "FLOPs are MACs", and what else the source says. */
export function accountingOf({ unit, accounting }: Pick<PublishedRow, 'unit' | 'accounting'>): string {
  const counted = unit === 'MAC' ? 'MACs' : unit === 'TWO_PER_MAC' ? 'FLOPs, two a MAC' : '';
  return [counted, accounting].filter(Boolean).join('. ') || '–';
}

import type { PublishedResult } from '@espalier/comparison';
import { left, listing, right } from './table.ts';
import { percent, points } from './units.ts';

/** Published results, each beside its own base. */
export function publishedTable(results: readonly PublishedResult[]): string {
  if (results.length === 0) return 'no published result matches';
  const drawn = listing(results, [
    left('architecture', ({ architecture }) => architecture),
    left('data set', ({ dataset }) => dataset ?? 'not said'),
    left('method', ({ method }) => method),
    right('base', ({ baseTop1 }) => percent(baseTop1)),
    right('top-1', ({ top1 }) => percent(top1)),
    right('change', ({ baseTop1, top1 }) =>
      points(baseTop1 === null || top1 === null ? null : top1 - baseTop1),
    ),
    right('MACs', ({ savedMacs }) => saved(savedMacs)),
    right('params', ({ savedParams }) => saved(savedParams)),
    left('source', sourceOf),
  ]);
  return `${drawn}\nEach against its own base and counted in its own way (--json): not to be ranked with own runs.`;
}

/** "−47.4 %" */
function saved(share: number | null): string {
  const text = percent(share, 1000);
  return share === null ? text : `−${text}`;
}

/** "CVPR 2020, https://github.com/..." */
function sourceOf({ title, venue, year, url, doi }: PublishedResult): string {
  const place = [venue, year].filter((part) => part !== null).join(' ');
  return [place || title, doi ? `doi ${doi}` : url].filter(Boolean).join(', ');
}

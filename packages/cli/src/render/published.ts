import type { PublishedResult } from '@espalier/comparison';
import { table } from './table.ts';
import { percent, points } from './units.ts';

/** Published results, each beside its own base. */
export function publishedTable(results: readonly PublishedResult[]): string {
  if (results.length === 0) return 'no published result is like that';
  const drawn = table(
    [
      { title: 'architecture' },
      { title: 'data set' },
      { title: 'method' },
      { title: 'base', align: 'right' },
      { title: 'top-1', align: 'right' },
      { title: 'change', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'params', align: 'right' },
      { title: 'source' },
    ],
    results.map(({ architecture, dataset, method, baseTop1, top1, savedMacs, savedParams, ...source }) => [
      ...[architecture, dataset ?? 'not said', method, percent(baseTop1), percent(top1)],
      points(baseTop1 === null || top1 === null ? null : top1 - baseTop1),
      ...[saved(savedMacs), saved(savedParams), sourceOf(source)],
    ]),
  );
  return `${drawn}\nEach against its own base and counted in its own way (--json): not to be ranked with own runs.`;
}

/** "−47.4 %" */
function saved(share: number | null): string {
  const text = percent(share, 1000);
  return share === null ? text : `−${text}`;
}

/** "CVPR 2020, https://github.com/..." */
function sourceOf({
  title,
  venue,
  year,
  url,
  doi,
}: Pick<PublishedResult, 'title' | 'venue' | 'year' | 'url' | 'doi'>) {
  const place = [venue, year].filter((part) => part !== null).join(' ');
  return [place || title, doi ? `doi ${doi}` : url].filter(Boolean).join(', ');
}

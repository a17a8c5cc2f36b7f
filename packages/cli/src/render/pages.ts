import { isQuiet } from '@espalier/engines';
import type { PageReport, PageRow } from '../stages/measuring-pages.ts';
import { onStdout } from './colour.ts';
import { speedupWords } from './speedup.ts';
import { type Listed, left, listing, right } from './table.ts';
import { count, milliseconds, percent, plural, UNKNOWN } from './units.ts';

type Renamed<Row> = Omit<Row, 'file'> & { readonly model: string };
type NamedPage =
  | Extract<PageReport, { missing: string }>
  | (Omit<Extract<PageReport, { rows: readonly PageRow[] }>, 'rows'> & {
      readonly rows: readonly Renamed<PageRow>[];
    });

/** With models called as elsewhere in the output. */
export function namedPage(page: PageReport, nameOf: (file: string) => string): NamedPage {
  if ('missing' in page) return page;
  const rows = page.rows.map(({ file, ...row }) => ({ model: nameOf(file), ...row }));
  return { ...page, reference: nameOf(page.reference), rows };
}

/** Models in one backend of TensorFlow.js. */
export function pageText(page: NamedPage): string {
  if ('missing' in page)
    return onStdout.dim(`not timed in TensorFlow.js, backend ${page.backend}: ${page.missing}`);
  const { description, reference, rows, checks } = page;
  const several = new Set(rows.map(({ batch }) => batch)).size > 1;
  const columns: Listed<Renamed<PageRow>>[] = [
    left('model', ({ model }) => model),
    ...(several ? [right<Renamed<PageRow>>('images', ({ batch }) => count(batch))] : []),
    right('p50', ({ latencyMs }) => milliseconds(latencyMs.p50)),
    right('p10', ({ latencyMs }) => milliseconds(latencyMs.p10)),
    right('p90', ({ latencyMs }) => milliseconds(latencyMs.p90)),
    right('images/s', ({ imagesPerSecond }) => count(imagesPerSecond)),
    ...(rows.some(({ speedup }) => speedup)
      ? [
          left<Renamed<PageRow>>(`as fast as ${reference}`, ({ speedup }) =>
            speedup ? speedupWords(speedup) : UNKNOWN,
          ),
        ]
      : []),
  ];
  const busy = checks.filter((check) => !isQuiet(check));
  const [first] = rows;
  const off = busy.map(({ ratio }) => percent(Math.abs(ratio - 1), 1000)).join(', ');
  return [
    listing(rows, columns),
    ...(busy.length > 0
      ? [
          onStdout.bold(
            `Too few runs, or the machine is too busy: the same model differs by ${off} from itself.`,
          ),
        ]
      : []),
    onStdout.dim(
      first ? `${plural(first.repeats, 'run')} of each after ${plural(first.warmup, 'warm-up run')}` : '',
    ),
    description,
  ].join('\n');
}

import { findMetric, METRICS } from '@espalier/engines';
import type { Evaluated } from '../stages/evaluating.ts';
import { onStdout } from './colour.ts';
import { left, listing, right, table } from './table.ts';
import { count, duration, metricChange, metricValue, metricWords } from './units.ts';

const BY_LABELS = ['top1', 'top5', 'loss'] as const;
const BY_OUTPUTS = ['fidelity', 'agreement', 'kl', 'cosine'] as const;

export function evaluationText(found: Evaluated): string {
  const { model, dataset, split, n, base, seconds, engine } = found;
  return [
    `${model} on ${dataset}, ${split} split, ${count(n)} images${base ? `, against ${base.model}` : ''}`,
    valuesTable(found),
    ...outputsTable(found),
    onStdout.dim(`in ${duration(seconds)}, ${engine}`),
  ].join('\n');
}

function valuesTable({ metric, scores, base, compared, judged, n }: Evaluated): string {
  const isShown = (name: string) => metric === null || metric === name;
  const scored = BY_LABELS.flatMap((name) => {
    const [value, from] = [scores?.[name] ?? null, base?.scores?.[name] ?? null];
    if (value === null || !isShown(name)) return [];
    const shown = METRICS[name];
    const cells = [shown.label, metricValue(shown, value, n)];
    if (from === null) return [cells];
    return [[...cells, `base ${metricValue(shown, from, n)}`, metricChange(shown, value - from, n)]];
  });
  const others = BY_OUTPUTS.flatMap((name) => {
    const value = compared?.[name] ?? null;
    const shown = METRICS[name];
    return value === null || !isShown(name) ? [] : [[metricWords(shown), metricValue(shown, value, n)]];
  });
  const rows = [...scored, ...others, ...judgedRow(judged, n)];
  const width = Math.max(...rows.map(({ length }) => length));
  const columns = [
    { title: '' },
    ...Array.from({ length: width - 1 }, () => ({ title: '', align: 'right' as const })),
  ];
  // A table's first line is its titles, of which there are none.
  return table(
    columns,
    rows.map((row) => [...row, ...Array.from({ length: width - row.length }, () => '')]),
  )
    .split('\n')
    .filter((line) => line !== '')
    .join('\n');
}

function judgedRow(judged: Evaluated['judged'], n: number): string[][] {
  if (!judged) return [];
  const metric = findMetric(judged.metric);
  const cells = [metricWords(metric), metricValue(metric, judged.value, n)];
  if (judged.base === null) return [cells];
  const change = metricChange(metric, judged.value - judged.base, n);
  return [[...cells, `base ${metricValue(metric, judged.base, n)}`, change]];
}

/** If there are several, each by itself. */
function outputsTable({ compared, n, metric }: Evaluated): string[] {
  if (!compared || compared.outputs.length < 2) return [];
  const shown = BY_OUTPUTS.filter(
    (name) =>
      (metric === null || metric === name) && compared.outputs.some((output) => output[name] !== null),
  );
  return [
    '',
    listing(compared.outputs, [
      left('output', ({ name }) => name),
      right('weight', ({ weight }) => `${(weight * 100).toFixed(0)} %`),
      right('root mean square', ({ rms }) => rms.toPrecision(4)),
      ...shown.map((name) =>
        right<(typeof compared.outputs)[number]>(METRICS[name].label, (output) =>
          metricValue(METRICS[name], output[name], n),
        ),
      ),
    ]),
  ];
}

import type { QualityMetric } from '@espalier/engines';
import { escapeHtml, percent, valueIn } from '@espalier/tables';

/** What a network is worth, and the share that it saves. */
export interface PicturePoint {
  readonly series: string;
  readonly saved: number;
  /** By the metric of the picture. */
  readonly value: number;
}

const SIZE = { width: 720, height: 360 };
const PLOT = { left: 64, top: 16, right: 688, bottom: 312 };
/** Forms tell apart where colours do not: after so many series both come again. */
const COLOURS = 8;
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** Values by a metric over the share of MACs removed, a mark for each network; colours are those of the page's style. */
export function valuePicture(
  points: readonly PicturePoint[],
  base: number | null,
  { label: metric, unit }: Pick<QualityMetric, 'label' | 'unit'>,
): string {
  const series = [...new Set(points.map((point) => point.series))];
  const all = [...points.map(({ value }) => value), ...(base === null ? [] : [base])];
  if (all.length === 0) return '';
  const y = axis(Math.min(...all), Math.max(...all), [PLOT.bottom, PLOT.top]);
  const x = axis(0, Math.max(0.1, ...points.map(({ saved }) => saved)), [PLOT.left, PLOT.right]);
  const label = `${metric} over the share of MACs removed, of ${points.length} networks.`;
  return [
    `<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${label}">`,
    ...y.ticks.flatMap((value) => [
      `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y.at(value)}" y2="${y.at(value)}"/>`,
      `<text x="${PLOT.left - 8}" y="${y.at(value) + 4}" text-anchor="end">${unit === 'share' ? percent(value, y.digits) : Number(value.toFixed(4))}</text>`,
    ]),
    ...x.ticks.map(
      (value) =>
        `<text x="${x.at(value)}" y="${PLOT.bottom + 18}" text-anchor="middle">${percent(value, x.digits)}</text>`,
    ),
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 40}" text-anchor="middle">MACs removed</text>`,
    ...(base === null
      ? []
      : [
          `<line class="base" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y.at(base)}" y2="${y.at(base)}"><title>unpruned: ${valueIn(unit, base)}</title></line>`,
        ]),
    ...points.map(({ series: name, saved, value }) => {
      const title = `<title>${escapeHtml(name)}: ${valueIn(unit, value)} at ${percent(saved, 1)} of MACs removed</title>`;
      return mark(series.indexOf(name), x.at(saved), y.at(value), title);
    }),
    '</svg>',
    `<ul class="legend">${series.map((name, at) => `<li><svg viewBox="-7 -7 14 14" aria-hidden="true">${mark(at, 0, 0, '')}</svg>${escapeHtml(name)}</li>`).join('')}${base === null ? '' : `<li class="soft">line: unpruned, ${valueIn(unit, base)}</li>`}</ul>`,
  ].join('\n');
}

function mark(at: number, x: number, y: number, inside: string): string {
  const colour = `class="c${at % COLOURS}"`;
  const forms = [
    `<circle ${colour} cx="${x}" cy="${y}" r="4">`,
    `<rect ${colour} x="${x - 4}" y="${y - 4}" width="8" height="8">`,
    `<path ${colour} d="M${x} ${y - 5}l5 9h-10z">`,
  ];
  const form = forms[Math.floor(at / COLOURS) % forms.length] ?? '';
  return `${form}${inside}</${form.slice(1, form.indexOf(' '))}>`;
}

/** From round values to pixels, a little beyond what is shown. */
function axis(low: number, high: number, [from, to]: readonly [number, number]) {
  const step = STEPS.find((each) => (high - low) / each <= 8) ?? (high - low) / 8;
  const first = Math.max(0, Math.floor(low / step + 1e-9));
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const span = (last - first) * step;
  return {
    at: (value: number) => Math.round((from + ((value - first * step) / span) * (to - from)) * 10) / 10,
    ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step),
    digits: step < 0.01 ? 1 : 0,
  };
}

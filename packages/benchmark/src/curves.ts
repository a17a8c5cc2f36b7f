import type { Cell, SectionSummary } from './summary.ts';
import { escapeText, type Scale, scale } from './svg.ts';
import { percent } from './words.ts';

const SIZE = { width: 720, height: 420 };
const PLOT = { left: 64, top: 64, right: 500, bottom: 364 };
const INK = { strong: '#1b1f1d', quiet: '#575953', hairline: '#e4e4e0', paper: '#ffffff' };
/** The leaf green for the reference, the others from the set of Okabe and Ito, told apart by their marks, too. */
const COLOURS = ['#2e9e4f', '#0072b2', '#e69f00', '#d55e00', '#cc79a7', '#56b4e9', '#7a7a7a', '#8c6bb1'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

/**
 * Accuracy over the MACs really saved, a line a strategy from the unpruned network on, bars of one standard deviation
 * over replicates: an SVG picture that stands alone. null if there is nothing to draw.
 */
export function curvesSvg({ section, model, base, rows }: SectionSummary): string | null {
  const lines = rows.map(({ strategy, cells }) => ({
    strategy,
    cells: cells.filter((cell) => cell !== null),
  }));
  if (!base || lines.every(({ cells }) => cells.length === 0)) return null;
  const lowest = Math.min(...lines.flatMap(({ cells }) => cells.map(({ top1 }) => top1.mean)), base.top1);
  const x = scale([0, 1], [PLOT.left, PLOT.right]);
  const y = scale([Math.floor(lowest * 10) / 10, Math.ceil(base.top1 * 10) / 10], [PLOT.bottom, PLOT.top]);
  const title = `${model}: ${section.title}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}" role="img" aria-labelledby="title description" font-family="Inter, system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="${INK.strong}">`,
    `<title id="title">${escapeText(title)}</title>`,
    `<desc id="description">Top-1 accuracy on the test split over the share of MACs removed, one line for each of ${lines.length} strategies.</desc>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="${INK.paper}"/>`,
    `<text x="24" y="32" font-size="15" font-weight="600">${escapeText(title)}</text>`,
    ...axes(x, y),
    ...lines.flatMap(({ strategy, cells }, at) => drawLine(strategy, cells, base.top1, at, { x, y })),
    '</svg>',
    '',
  ].join('\n');
}

function axes(x: Scale, y: Scale): string[] {
  const quiet = `fill="${INK.quiet}"`;
  const grid = y.ticks.flatMap((value) => [
    `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${y.at(value)}" y2="${y.at(value)}" stroke="${INK.hairline}"/>`,
    `<text x="${PLOT.left - 8}" y="${y.at(value) + 4}" text-anchor="end" ${quiet}>${percent(value, 0)}</text>`,
  ]);
  const below = x.ticks.map(
    (value) =>
      `<text x="${x.at(value)}" y="${PLOT.bottom + 18}" text-anchor="middle" ${quiet}>${percent(value, 0)}</text>`,
  );
  return [
    ...grid,
    ...below,
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 40}" text-anchor="middle" ${quiet}>MACs removed</text>`,
    `<text x="${PLOT.left - 40}" y="${PLOT.top - 14}" ${quiet}>top-1</text>`,
  ];
}

function drawLine(
  strategy: string,
  cells: readonly Cell[],
  base: number,
  at: number,
  { x, y }: { readonly x: Scale; readonly y: Scale },
): string[] {
  const colour = COLOURS[at % COLOURS.length] ?? INK.strong;
  const dash = DASHES[Math.floor(at / COLOURS.length) % DASHES.length] || undefined;
  const stroke = `stroke="${colour}" stroke-width="${at === 0 ? 2.5 : 1.5}"${dash ? ` stroke-dasharray="${dash}"` : ''}`;
  const points = cells.map(({ saved, top1 }) => ({ saved: saved.macs, ...top1 }));
  const path = [{ saved: 0, mean: base }, ...points.toSorted((a, b) => a.saved - b.saved)]
    .map(({ saved, mean }, i) => `${i === 0 ? 'M' : 'L'}${x.at(saved)} ${y.at(mean)}`)
    .join('');
  const marks = points.flatMap(({ saved, mean, deviation }) => [
    ...(deviation
      ? [
          `<line x1="${x.at(saved)}" x2="${x.at(saved)}" y1="${y.at(mean - deviation)}" y2="${y.at(mean + deviation)}" stroke="${colour}"/>`,
        ]
      : []),
    `<circle cx="${x.at(saved)}" cy="${y.at(mean)}" r="3.5" fill="${colour}"><title>${escapeText(strategy)}: ${percent(mean)} at ${percent(saved, 1)}</title></circle>`,
  ]);
  const legend = PLOT.top + 6 + at * 18;
  return [
    `<path d="${path}" fill="none" ${stroke}/>`,
    ...marks,
    `<line x1="${PLOT.right + 24}" x2="${PLOT.right + 48}" y1="${legend}" y2="${legend}" ${stroke}/>`,
    `<text x="${PLOT.right + 56}" y="${legend + 4}">${escapeText(strategy)}</text>`,
  ];
}

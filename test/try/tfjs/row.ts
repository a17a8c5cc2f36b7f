import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { openDataset } from '@espalier/datasets';
import type { Engine } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { readNetwork, writeNetwork } from '@espalier/formats';
import { imageExtents, type Network, networkCost, networkHash } from '@espalier/network';
import { repairOn } from '@espalier/pipeline';
import type { OutputError } from '../outputs.ts';
import { WORK } from '../packages.ts';
import { crops } from '../photographs.ts';
import { IMAGES, MADE_BY, type MadeBy } from '../row.ts';
import { type Agreement, agreement } from './agreement.ts';
import { type Alignment, type Cut, cutOf } from './cut.ts';
import { type Model, readWithPixels } from './models.ts';
import { errorsOnPhotographs } from './photographs.ts';
import { structureOf } from './structure.ts';

/** By as much may an error change without anything having been rounded. */
const SAME = 1e-6;

/** As by default, and as they fall. */
const USUAL = ['auto', 1] as const;
/** As many channels as the widest processors compute at a time, for several threads; the most that the layers allow. */
const WIDE = [64, 32, 16] as const;
/** What is timed, and pruned by wide widths, too. */
export const TIMED: readonly string[] = [
  ...['posenet', 'iris', 'movenet-lightning', 'blazepose-lite', 'blazepose-full', 'handlandmark-lite'],
];

export interface Row {
  /** Why it was not read. */
  readonly refused?: string;
  readonly hash?: string;
  /** Of the operations and the shapes of weights. */
  readonly structure?: string;
  readonly macs?: number;
  readonly params?: number;
  /** TensorFlow.js with the file beside ONNX Runtime with what was read of it. */
  readonly read?: Agreement;
  /** Why it was not cut, or what was cut not written. */
  readonly whole?: string;
  readonly pruned?: PrunedRow;
  /** By wide widths. */
  readonly wide?: PrunedRow;
  readonly seconds: number;
}

export interface PrunedRow extends Pick<Cut, 'align' | 'left'>, MadeBy {
  readonly groups: number;
  /** Left out: it was not repaired. */
  readonly layers?: { readonly repaired: number; readonly left: number };
  /** How far the repair went; left out: all the way. */
  readonly share?: number;
  /** Of each output, on the test photographs; none where it was not repaired. */
  readonly cut: readonly OutputError[];
  readonly repaired: readonly OutputError[];
  /** The same of what is read of the file that was written, where that rounds its weights to whole numbers. */
  readonly rounded?: readonly OutputError[];
  readonly written: Agreement;
  readonly notes: readonly string[];
}

/** Reads, cuts, repairs and writes a model, without an engine all but the repair. What it writes is kept: see `filesOf`. */
export async function rowOf(model: Model, repairBy: Engine | null): Promise<Row> {
  const began = performance.now();
  const found = await tried(model, repairBy).catch((error: unknown) => {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  });
  return { ...found, seconds: Math.round((performance.now() - began) / 1000) };
}

async function tried(model: Model, repairBy: Engine | null): Promise<Omit<Row, 'seconds'>> {
  const network = await readWithPixels(model);
  const known = {
    ...{ hash: networkHash(network).slice(0, 8), structure: structureOf(network) },
    ...networkCost(network),
    read: await agreement(model.file, network, model.asked),
  };
  try {
    const pruned = await prunedRow(model, network, USUAL, repairBy);
    if (!TIMED.includes(model.name)) return { ...known, pruned };
    return { ...known, pruned, wide: await prunedRow(model, network, WIDE, repairBy) };
  } catch (error) {
    if (error instanceof InputError) return { ...known, whole: error.message };
    throw error;
  }
}

async function prunedRow(
  model: Model,
  network: Network,
  alignments: readonly Alignment[],
  engine: Engine | null,
): Promise<PrunedRow> {
  const { analysis, pruned, align, left } = await cutOf(network, alignments);
  const files = filesOf(model, alignments === WIDE ? 'wide' : 'usual');
  const groups = analysis.rankings.length;
  if (!engine) {
    const { notes, back } = await written(model, files, network, pruned.network);
    const judged = await agreement(files.model, back, model.asked);
    return { align, left, groups, cut: [], repaired: [], written: judged, notes };
  }
  const extents = imageExtents(network.inputs[0], network.metadata?.input.layout);
  const dataset = await openDataset(await crops((extents?.width ?? 1) / (extents?.height ?? 1)), {
    home: WORK,
  });
  try {
    const bench = { engine, dataset };
    const { structure, network: cut } = pruned;
    const place = { home: WORK, engine: engine.name, checkpointEvery: 0 };
    const from = { base: network, map: analysis.map, structure, cut };
    const repair = await repairOn(bench, from, { images: IMAGES, seed: 0 }, place, {});
    const { notes, back } = await written(model, files, network, repair.network);
    const [asCut = [], repaired = [], rounded = []] = await errorsOnPhotographs(
      network,
      [cut, repair.network, back],
      bench,
    );
    const isRounded = rounded.some(({ error }, o) => Math.abs(error - (repaired[o]?.error ?? 0)) > SAME);
    const { layers, left: leftAlone, share } = repair.summary;
    return {
      ...{ align, left, groups, cut: asCut, repaired, notes },
      ...(isRounded && { rounded }),
      ...(share === undefined ? {} : { share }),
      ...MADE_BY,
      layers: { repaired: layers.length, left: leftAlone.length },
      written: await agreement(files.model, back, model.asked),
    };
  } finally {
    await dataset.close();
  }
}

/** What is written of a model: as the model that it came as, the same in ONNX, and the model as given in ONNX. */
export function filesOf({ name }: Pick<Model, 'name'>, widths: 'usual' | 'wide') {
  const folder = path.join(WORK, 'tfjs', name, widths);
  return {
    folder,
    model: path.join(folder, 'model.json'),
    onnx: path.join(folder, 'pruned.onnx'),
    base: path.join(folder, 'unpruned.onnx'),
  };
}

/** @returns what is read of the file again, whose weights may be rounded to whole numbers */
async function written(
  { file, asked }: Model,
  files: ReturnType<typeof filesOf>,
  base: Network,
  network: Network,
) {
  await rm(files.folder, { recursive: true, force: true });
  await mkdir(files.folder, { recursive: true });
  const { notes } = await writeNetwork(files.model, network, { given: { file, ...asked } });
  const { network: back } = await readNetwork(files.model, asked);
  await writeNetwork(files.onnx, back);
  await writeNetwork(files.base, base);
  return { notes, back };
}

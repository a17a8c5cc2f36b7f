import { basename, dirname } from 'node:path';
import { InputError } from '@espalier/errors';
import { asStored, type Network } from '@espalier/network';
import type { ReadAs } from './onnx/as-asked.ts';
import type { Origin } from './onnx/decode.ts';
import { CannotPatch } from './onnx/patch/cannot-patch.ts';
import { type ModelFile, modelFilesOf, readModelFile } from './read-network.ts';
import { carriedIn } from './tfjs/carried.ts';
import { graphModelOf } from './tfjs/from-network/index.ts';
import { patchTfjs } from './tfjs/patch/index.ts';
import type { TfjsFiles } from './tfjs/read-files.ts';

/** A file, and how it is read. */
export interface GivenFile extends ReadAs {
  readonly file: string;
}

/** A model of TensorFlow.js, and what became of it that a person should know of. */
export interface TfjsModel {
  readonly files: TfjsFiles;
  /** Inputs of the model that have one number throughout, as the network was read. */
  readonly set?: Readonly<Record<string, number>> | undefined;
  readonly notes: readonly string[];
}

/** Where a network comes from, for who reads its file again. */
export function originOf({ file, input, output, set }: GivenFile, { metadata }: Network): Origin {
  return { name: file, folder: dirname(file), input, output, set, size: metadata?.input.size };
}

/** Whether a file is a model of TensorFlow.js itself, which a network is written into again. */
export function isTfjs({ form }: ModelFile): boolean {
  return form === 'json' || form === 'zip';
}

/**
 * A network as a model of TensorFlow.js: the model that it came as with other weights, also where that came by way of an
 * ONNX file which still carries it; else a graph model made of the network.
 *
 * @param path of the model.json
 * @throws {CannotPatch} where the model that was given cannot hold the network; {InputError} for a node that has no
 * counterpart
 */
export async function tfjsModelOf(path: string, network: Network, given?: GivenFile): Promise<TfjsModel> {
  if (given === undefined) return { files: graphModelOf(network, path), notes: [] };
  const { file } = given;
  const read = await readModelFile(file);
  if (isTfjs(read)) {
    const patched = await patchTfjs(await modelFilesOf(read, file), originOf(given, network), network);
    return { ...patched, set: given.set };
  }
  const rounded = asStored(network);
  const carried = read.form === 'onnx' ? carriedIn(read.bytes, file) : undefined;
  if (!carried) return { files: graphModelOf(rounded, path), notes: [] };
  try {
    const size = network.metadata?.input.size ?? carried.read.size;
    const by = { ...carried.read, ...(size ? { size } : {}) };
    return { ...(await patchTfjs(carried.files, { ...by, name: file }, network)), set: by.set };
  } catch (error) {
    if (!(error instanceof CannotPatch || error instanceof InputError)) throw error;
    const files = graphModelOf(rounded, path);
    const why = `the model that ${basename(file)} was made from cannot hold the network (${error.message})`;
    const kind = carried.files.layers ? ', which a page loads with loadGraphModel' : '';
    return { files, notes: [`a graph model is made of the network${kind}: ${why}`] };
  }
}

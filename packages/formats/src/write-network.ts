import { basename } from 'node:path';
import { InputError } from '@espalier/errors';
import { asStored, type Network } from '@espalier/network';
import { formatOf, type GivenFile, originOf, tfjsModelOf } from './as-tfjs.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { CannotPatch } from './onnx/patch/cannot-patch.ts';
import { type Patched, patchOnnx } from './onnx/patch/index.ts';
import { readInput } from './read-network.ts';
import { artifactsOf, type GraphArtifacts } from './tfjs/artifacts.ts';
import { writeTfjs } from './tfjs/write-files.ts';
import { asInputError, writeWhole } from './write-whole.ts';

export interface WriteOptions {
  /**
   * The file that the network was made of: what is written is that file with the network's tensors, as far as that can be
   * (see `patchOnnx`). Left out: all is written anew.
   */
  readonly given?: GivenFile | undefined;
  /** Says of a patched file what is wrong with it; undefined: nothing. */
  readonly check?: (file: Uint8Array) => Promise<string | undefined>;
  /** The same of a graph model of TensorFlow.js. */
  readonly checkGraph?: (model: GraphArtifacts) => Promise<string | undefined>;
}

export interface Written {
  /** Of the file. */
  readonly bytes: number;
  /** What became of the given file that a person should know of. */
  readonly notes: readonly string[];
}

/**
 * Writes the network to a file whose format its extension names. The file appears whole or not at all: it
 * is written under a temporary name beside its place and then renamed. Throws an InputError where the
 * folder cannot be written to, or the given file not be read.
 */
export async function writeNetwork(
  path: string,
  network: Network,
  options: WriteOptions = {},
): Promise<Written> {
  const extension = formatOf(path);
  if (extension === '.json') return await writeGraphModel(path, network, options);
  if (extension !== '.onnx') {
    throw new InputError(
      `${path}: networks are written as .onnx, or as the model.json of TensorFlow.js; name the file *.onnx or *.json`,
    );
  }
  const { bytes, notes } = await encoded(network, options);
  await writeWhole(path, bytes);
  return { bytes: bytes.length, notes };
}

async function writeGraphModel(
  path: string,
  network: Network,
  { given, checkGraph }: WriteOptions,
): Promise<Written> {
  try {
    const { files, notes } = await tfjsModelOf(path, network, given);
    const wrong = await checkGraph?.(artifactsOf(files));
    if (wrong !== undefined) throw new CannotPatch(wrong);
    return { bytes: await writeTfjs(path, files), notes };
  } catch (error) {
    if (!(error instanceof CannotPatch)) throw asInputError(path, error);
    const what = given ? basename(given.file) : 'the model';
    throw new InputError(
      `${path}: ${what} cannot be written with this network in it: ${error.message}; name the file *.onnx`,
    );
  }
}

async function encoded(network: Network, { given, check }: WriteOptions): Promise<Patched> {
  if (given === undefined) return { bytes: encodeOnnx(network), notes: [] };
  if (formatOf(given.file) !== '.onnx') return { bytes: encodeOnnx(asStored(network)), notes: [] };
  const { file } = given;
  try {
    const patched = await patchOnnx(await readInput(file), originOf(given, network), network);
    const wrong = await check?.(patched.bytes);
    if (wrong === undefined) return patched;
    throw new CannotPatch(wrong);
  } catch (error) {
    if (!(error instanceof CannotPatch)) throw error;
    return { bytes: encodeOnnx(asStored(network)), notes: [writtenAnew(file, error.message)] };
  }
}

function writtenAnew(given: string, why: string): string {
  return `the network is written anew, in an operation set of its own and for the sizes that it was read with, since ${basename(given)} cannot be patched: ${why}`;
}

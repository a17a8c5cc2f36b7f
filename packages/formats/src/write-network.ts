import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { asStored, type Network } from '@espalier/network';
import type { ReadAs } from './onnx/as-asked.ts';
import type { Origin } from './onnx/decode.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { CannotPatch } from './onnx/patch/cannot-patch.ts';
import { type Patched, patchOnnx } from './onnx/patch/index.ts';
import { readInput } from './read-network.ts';
import { artifactsOf, type GraphArtifacts } from './tfjs/artifacts.ts';
import { patchTfjs } from './tfjs/patch/index.ts';
import { readTfjs } from './tfjs/read-files.ts';
import { writeTfjs } from './tfjs/write-files.ts';
import { writeDurably } from './write-durably.ts';

/** A file, and how it is read. */
export interface GivenFile extends ReadAs {
  readonly file: string;
}

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
      `${path}: networks are written as .onnx, or as the model.json that they came as; name the file *.onnx`,
    );
  }
  const { bytes, notes } = await encoded(network, options);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw asInputError(path, error);
  }
  return { bytes: bytes.length, notes };
}

/** By the extension, in lower case. */
function formatOf(path: string): string {
  return extname(path).toLowerCase();
}

/** A graph model is the one that was given with other weights. */
async function writeGraphModel(
  path: string,
  network: Network,
  { given, checkGraph }: WriteOptions,
): Promise<Written> {
  if (given === undefined || formatOf(given.file) !== '.json') {
    throw new InputError(
      `${path}: a network is written as a TensorFlow.js model where it was read from one; name the file *.onnx`,
    );
  }
  const { file } = given;
  try {
    const model = await readTfjs(file, new TextDecoder().decode(await readInput(file)));
    const { files, notes } = await patchTfjs(model, originOf(given, network), network);
    const wrong = await checkGraph?.(artifactsOf(files));
    if (wrong !== undefined) throw new CannotPatch(wrong);
    return { bytes: await writeTfjs(path, files), notes };
  } catch (error) {
    if (!(error instanceof CannotPatch)) throw asInputError(path, error);
    throw new InputError(
      `${path}: ${basename(file)} cannot be written with this network in it: ${error.message}; name the file *.onnx`,
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

function originOf({ file, input, output, set }: GivenFile, { metadata }: Network): Origin {
  return { name: file, folder: dirname(file), input, output, set, size: metadata?.input.size };
}

function writtenAnew(given: string, why: string): string {
  return `the network is written anew, in an operation set of its own and for the sizes that it was read with, since ${basename(given)} cannot be patched: ${why}`;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to write there',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'there is a folder of this name',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'its folder is not a folder',
  EPERM: 'no permission to write there',
  EROFS: 'the file system is read-only',
};

function asInputError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') {
    return new InputError(
      `${path} cannot be written: folder ${dirname(path)} does not exist; create it first`,
    );
  }
  const reason = reasons[code];
  return reason === undefined ? error : new InputError(`${path} cannot be written: ${reason}`);
}

import { basename } from 'node:path';
import { InputError } from '@espalier/errors';
import { asStored, type Network } from '@espalier/network';
import { type GivenFile, originOf, tfjsModelOf } from './as-tfjs.ts';
import { extensionOf, MODEL_EXTENSION } from './form.ts';
import { type ModelFormat, tfjsType } from './model-format.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { CannotPatch } from './onnx/patch/cannot-patch.ts';
import { type Patched, patchOnnx } from './onnx/patch/index.ts';
import { type FileProvenance, modelWith, onnxWith, provenanceOfFile } from './provenance.ts';
import { readModelFile } from './read-network.ts';
import { artifactsOf, type GraphArtifacts } from './tfjs/artifacts.ts';
import type { TfjsFiles } from './tfjs/read-files.ts';
import { writeTfjs } from './tfjs/write-files.ts';
import { asInputError, writeWhole } from './write-whole.ts';

export interface WriteOptions {
  /**
   * The file that the network was made of: what is written is that file with the network's tensors, as far as that can
   * be (see `patchOnnx`). Left out: all is written again.
   */
  readonly given?: GivenFile | undefined;
  /** Says of a patched file what is wrong with it; undefined: nothing. */
  readonly check?: (file: Uint8Array) => Promise<string | undefined>;
  /** The same of a graph model of TensorFlow.js. */
  readonly checkGraph?: (model: GraphArtifacts) => Promise<string | undefined>;
  /** How the network was made: it is written into the file. */
  readonly provenance?: FileProvenance | undefined;
}

export interface Written {
  /** Of the file, or of all files of a model together. */
  readonly bytes: number;
  /** That it is in. */
  readonly format: ModelFormat;
  /** What became of the given file that a person should know of. */
  readonly notes: readonly string[];
}

/**
 * Writes the network to a file in the format that its extension names: `.onnx`, or `.json` with shards beside it or
 * `.zip` of a model of TensorFlow.js; `.model` is what the given file is, as far as that can be, else ONNX, and a note
 * says so. The file appears whole or not at all: it is written under a temporary name beside its place and then
 * renamed. Throws an InputError where the folder cannot be written to, or the given file not be read.
 */
export async function writeNetwork(
  path: string,
  network: Network,
  asked: WriteOptions = {},
): Promise<Written> {
  const extension = extensionOf(path);
  const options = { ...asked, provenance: await provenanceWithPast(asked) };
  if (extension === MODEL_EXTENSION) return await writeAsGiven(path, network, options);
  if (extension === '.json' || extension === '.zip') {
    return await writeAsModel(path, network, options);
  }
  if (extension !== '.onnx') {
    throw new InputError(
      `${path}: networks are written as .onnx, or as the model.json of TensorFlow.js or a zip of it; name the file *.onnx, *.json or *.zip`,
    );
  }
  return await writeOnnx(path, network, options);
}

async function provenanceWithPast({ given, provenance }: WriteOptions): Promise<FileProvenance | undefined> {
  const before = provenance && given ? await provenanceOfFile(given.file) : undefined;
  return provenance && before ? { ...provenance, before } : provenance;
}

/** Whoever computed for hours gets the network in any case. */
async function writeAsGiven(path: string, network: Network, options: WriteOptions): Promise<Written> {
  const { given } = options;
  if (!given || (await readModelFile(given.file)).form === 'onnx')
    return await writeOnnx(path, network, options);
  let model: Made;
  try {
    model = await made(path, network, options);
  } catch (error) {
    if (!(error instanceof CannotPatch || error instanceof InputError)) throw error;
    const { notes, ...written } = await writeOnnx(path, network, options);
    return { ...written, notes: [...notes, `it is written as ONNX: ${whyNot(options, error)}`] };
  }
  return await writeModel(path, model);
}

/** As a person asked for it. */
async function writeAsModel(path: string, network: Network, options: WriteOptions): Promise<Written> {
  try {
    return await writeModel(path, await made(path, network, options));
  } catch (error) {
    if (!(error instanceof CannotPatch)) throw error;
    throw new InputError(`${path}: ${whyNot(options, error)}; name the file *.onnx`);
  }
}

function whyNot({ given }: WriteOptions, error: Error): string {
  if (!(error instanceof CannotPatch)) return error.message;
  const what = given ? basename(given.file) : 'the model';
  return `${what} cannot be written with this network in it: ${error.message}`;
}

async function writeOnnx(path: string, network: Network, options: WriteOptions): Promise<Written> {
  const { bytes: own, notes } = await encoded(network, options);
  const bytes = onnxWith(own, options.provenance);
  await writeWhole(path, bytes);
  return { bytes: bytes.length, format: 'ONNX', notes };
}

interface Made {
  readonly files: TfjsFiles;
  readonly notes: readonly string[];
}

async function writeModel(path: string, { files, notes }: Made): Promise<Written> {
  try {
    return { bytes: await writeTfjs(path, files), format: tfjsType(files).format, notes };
  } catch (error) {
    throw asInputError(path, error);
  }
}

/** @throws {CannotPatch} where the given model cannot hold the network, or does not run with it */
async function made(path: string, network: Network, options: WriteOptions): Promise<Made> {
  const { given, checkGraph, provenance } = options;
  const { files, notes } = await tfjsModelOf(path, network, given);
  const wrong = await checkGraph?.(artifactsOf(files));
  if (wrong !== undefined) throw new CannotPatch(wrong);
  return { files: modelWith(files, provenance), notes };
}

async function encoded(network: Network, { given, check }: WriteOptions): Promise<Patched> {
  if (given === undefined) return { bytes: encodeOnnx(network), notes: [] };
  const { file } = given;
  const read = await readModelFile(file);
  if (read.form !== 'onnx') return { bytes: encodeOnnx(asStored(network)), notes: [] };
  try {
    const patched = await patchOnnx(read.bytes, originOf(given, network), network);
    const wrong = await check?.(patched.bytes);
    if (wrong === undefined) return patched;
    throw new CannotPatch(wrong);
  } catch (error) {
    if (!(error instanceof CannotPatch)) throw error;
    return { bytes: encodeOnnx(asStored(network)), notes: [writtenAnew(file, error.message)] };
  }
}

function writtenAnew(given: string, why: string): string {
  return `a new file is built, with our operation set and the sizes that the network was read with, since ${basename(given)} cannot be patched: ${why}`;
}

import { open, readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { InputError } from '@espalier/errors';
import type { Network, NetworkMetadata } from '@espalier/network';
import { checkName, type Form, formOf, HEAD } from './form.ts';
import { readKeras } from './keras/read-keras.ts';
import { checkMetadata, parseMetadata } from './metadata.ts';
import type { ReadAs } from './onnx/as-asked.ts';
import { decodeOnnx, type ReadNetwork } from './onnx/decode.ts';
import { printable } from './printable.ts';
import { onnxOf } from './tfjs/onnx-of.ts';
import { readTfjs, type TfjsFiles } from './tfjs/read-files.ts';
import { readZipped } from './tfjs/zipped.ts';

export interface ReadOptions extends ReadAs {
  /** The network's metadata, or a file with them as JSON, for a network that does not bring its own. */
  readonly preprocessing?: string | NetworkMetadata;
  /** Height and width of the images, for a file that leaves them open where no preprocessing says them. */
  readonly size?: readonly [height: number, width: number];
  /** Reads no file that is beside it, whatever it says: it came from somebody else. */
  readonly alone?: boolean;
}

/**
 * Reads a network from a file, whose bytes tell the form that it is in. Metadata are the file's own, else those of
 * the side file `<path>.json`, else those of `options.preprocessing`, else there are none. Throws an
 * InputError that names the file.
 */
export async function readNetwork(path: string, options: ReadOptions = {}): Promise<ReadNetwork> {
  const { preprocessing, alone = false, size: usual, ...asked } = options;
  const found = await outsideMetadata(path, preprocessing, alone);
  const bytes = await onnxIn(path, alone);
  const size = found?.metadata.input.size ?? usual;
  const read = await decodeOnnx(bytes, {
    ...asked,
    name: path,
    size,
    ...(alone ? {} : { folder: dirname(path) }),
  });
  return withMetadata(path, read, found, preprocessing);
}

/** A model's file. */
export interface ModelFile {
  readonly form: Form;
  readonly bytes: Uint8Array;
}

/** @throws {InputError} for a file that is not there, and one that is no network by its name */
export async function readModelFile(path: string): Promise<ModelFile> {
  checkName(path);
  const bytes = await readInput(path);
  return { form: await formOf(bytes, path), bytes };
}

/** What `decodeOnnx` reads: the file's bytes, or what a file of another form is in ONNX. */
async function onnxIn(path: string, alone: boolean): Promise<Uint8Array> {
  const file = await readModelFile(path);
  if (file.form === 'onnx') return file.bytes;
  try {
    return onnxOf(await modelFilesOf(file, path, alone)).bytes;
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${path}: it takes too much to read (${error.message})`);
    if (!(error instanceof InputError)) throw error;
    // The names in a damaged file may be anything.
    throw new InputError(`${path}${printable(error.message.slice(path.length))}`, error.field);
  }
}

/**
 * What is in a file of TensorFlow.js or Keras.
 *
 * @param alone whether no file beside it is read
 * @throws {InputError} for a file of ONNX
 */
export async function modelFilesOf(
  { form, bytes }: ModelFile,
  path: string,
  alone = false,
): Promise<TfjsFiles> {
  if (form === 'keras') return await readKeras(bytes, path);
  if (form === 'zip') return await readZipped(bytes, path);
  if (form === 'onnx') throw new InputError(`${path} is no model of TensorFlow.js or Keras`);
  if (alone) throw jsonAlone(path);
  return await readTfjs(path, new TextDecoder().decode(bytes));
}

export function jsonAlone(path: string): InputError {
  return new InputError(
    `${path}: a model.json alone has no weights: give a zip of its folder, or all of its files together`,
  );
}

/** {@link modelFilesOf} of a file that a person named. */
export async function readModelFiles(path: string): Promise<TfjsFiles> {
  return await modelFilesOf(await readModelFile(path), path);
}

interface Found {
  readonly path: string;
  readonly metadata: NetworkMetadata;
}

function withMetadata(
  path: string,
  read: ReadNetwork,
  beside: Found | undefined,
  preprocessing: ReadOptions['preprocessing'],
): ReadNetwork {
  const found = read.network.metadata ? undefined : beside;
  const network = named(found ? { ...read.network, metadata: found.metadata } : read.network, path);
  if (network.metadata) checkMetadata(network, network.metadata, found?.path ?? path);
  if (typeof preprocessing !== 'string' || found?.path === preprocessing) return { ...read, network };
  const unused = `${preprocessing} is not used: ${found?.path ?? path} says how images become the network's input`;
  return { ...read, network, warnings: [...read.warnings, unused] };
}

/** Exporters call every graph the same; the file's name tells networks apart. */
function named(network: Network, path: string): Network {
  return { ...network, name: basename(path, extname(path)) };
}

async function outsideMetadata(
  path: string,
  preprocessing: ReadOptions['preprocessing'],
  alone: boolean,
): Promise<Found | undefined> {
  const side = `${path}.json`;
  const text = alone
    ? undefined
    : await readFile(side, 'utf8').catch((error) => {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw unreadable(side, error);
      });
  if (text !== undefined) return { path: side, metadata: parseMetadata(text, side) };
  if (preprocessing === undefined) return undefined;
  if (typeof preprocessing !== 'string') return { path, metadata: preprocessing };
  const given = new TextDecoder().decode(await readInput(preprocessing));
  return { path: preprocessing, metadata: parseMetadata(given, preprocessing) };
}

/** The first bytes of a file that a person named: those by which its form is told. */
export async function readHead(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The bytes of a file that a person named. */
async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB, which no ONNX file can be; export it with external data',
};

function unreadable(path: string, error: unknown): InputError {
  return new InputError(`${path} cannot be read: ${reasons[codeOf(error)] ?? codeOf(error)}`);
}

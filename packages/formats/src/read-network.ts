import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { InputError } from '@espalier/errors';
import type { Network, NetworkMetadata } from '@espalier/network';
import { isKeras, readKeras } from './keras/read-keras.ts';
import { checkMetadata, parseMetadata } from './metadata.ts';
import type { ReadAs } from './onnx/as-asked.ts';
import { decodeOnnx, type ReadNetwork } from './onnx/decode.ts';
import { conversionOf } from './other-formats.ts';
import { printable } from './printable.ts';
import { onnxOf } from './tfjs/onnx-of.ts';
import { readTfjs, type TfjsFiles } from './tfjs/read-files.ts';
import { readZipped } from './tfjs/zipped.ts';

export interface ReadOptions extends ReadAs {
  /** The network's metadata, or a file with them as JSON, for a network that does not bring its own. */
  readonly preprocessing?: string | NetworkMetadata;
  /** Height and width of the images, for a file that leaves them open where no preprocessing says them. */
  readonly size?: readonly [height: number, width: number];
  /** Reads no file that lies beside it, whatever it says: it came from somebody else. */
  readonly alone?: boolean;
}

/**
 * Reads a network from a file whose format its extension names. Metadata are the file's own, else those of
 * the side file `<path>.json`, else those of `options.preprocessing`, else there are none. Throws an
 * InputError that names the file.
 */
export async function readNetwork(path: string, options: ReadOptions = {}): Promise<ReadNetwork> {
  const { preprocessing, alone = false, size: usual, ...asked } = options;
  const found = await outsideMetadata(path, preprocessing, alone);
  const bytes = await readOnnx(path, alone);
  const size = found?.metadata.input.size ?? usual;
  const read = await decodeOnnx(bytes, {
    ...asked,
    name: path,
    size,
    ...(alone ? {} : { folder: dirname(path) }),
  });
  return withMetadata(path, read, found, preprocessing);
}

/** What `decodeOnnx` reads: the file's bytes, or what a file of another format is in ONNX. */
async function readOnnx(path: string, alone = false): Promise<Uint8Array> {
  const extension = extname(path).toLowerCase();
  if (extension === '.onnx') return await readInput(path);
  if (!['.json', '.zip'].includes(extension) && !isKeras(extension)) {
    throw new InputError(
      `${path}: .onnx files, TensorFlow.js model.json (or a zip of its folder) and .keras or .h5 of Keras are read; ${conversionOf(extension)}`,
    );
  }
  try {
    return onnxOf(await readModelFiles(path, alone)).bytes;
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${path}: it takes too much to read (${error.message})`);
    if (!(error instanceof InputError)) throw error;
    // The names in a damaged file may be anything.
    throw new InputError(`${path}${printable(error.message.slice(path.length))}`, error.field);
  }
}

/**
 * A model of TensorFlow.js or Keras, which the extension tells.
 *
 * @throws {InputError} where the file came alone: whoever computes with it later knows files of ONNX only
 */
export async function readModelFiles(path: string, alone = false): Promise<TfjsFiles> {
  const extension = extname(path).toLowerCase();
  if (alone) {
    throw new InputError(
      `${path}: models of TensorFlow.js and Keras are read by the command only; convert it to ONNX first: espalier convert MODEL --out net.onnx`,
    );
  }
  const bytes = await readInput(path);
  if (isKeras(extension)) return await readKeras(bytes, path);
  if (extension === '.zip') return await readZipped(bytes, path);
  return await readTfjs(path, new TextDecoder().decode(bytes));
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

/** The bytes of a file that a person named. */
export async function readInput(path: string): Promise<Uint8Array> {
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

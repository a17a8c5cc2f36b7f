import { InputError } from '@espalier/errors';
import { type Shape, sizeOf } from '@espalier/network';
import type { Dataset, Group, File as Hdf5 } from 'h5wasm';
import { MOST_AXES } from '../onnx/budget.ts';

/** What the runtime's own messages hold. */
const MOST_BYTES = 1.9e9;
/** By so much numbers that are packed may grow. */
const MOST_GROWTH = 1000;

/** Floats of an HDF5 file. */
export interface Floats {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** What a Keras file holds: groups by their paths, with texts beside them, and tensors. */
export interface H5Content {
  /** Names of what is in a group; undefined: there is no such group. */
  names(path: string): readonly string[] | undefined;
  /** A text beside a group. */
  text(path: string, name: string): string | undefined;
  /** A list of texts beside a group, which long ones are spread over `name0`, `name1`, ... */
  texts(path: string, name: string): readonly string[] | undefined;
  /** @throws {InputError} for what is no tensor of floats */
  floats(path: string): Floats;
}

let count = 0;

/**
 * Reads an HDF5 file. It is in the memory of the library, which reaches no file of the machine from there, whatever
 * links the file has.
 *
 * @param where it came from, for messages
 * @throws {InputError} for bytes that are no such file, and what `read` throws
 */
export async function readHdf5<T>(
  bytes: Uint8Array,
  where: string,
  read: (content: H5Content) => T,
): Promise<T> {
  const { default: library } = await import('h5wasm');
  const { FS, ...module } = await library.ready;
  // Else it prints what it does not understand.
  module.activate_throwing_error_handler();
  const name = `${count++}.h5`;
  FS.writeFile(name, bytes);
  let file: Hdf5 | undefined;
  try {
    file = new library.File(name, 'r');
    return read(contentOf(file, where, { left: Math.min(MOST_BYTES, (bytes.length + 1e6) * MOST_GROWTH) }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${where} is no HDF5 file, or damaged (${reasonOf(error)}): save the model again`);
  } finally {
    file?.close();
    FS.unlink(name);
  }
}

/** The library tells its whole way down; what went wrong stands at the end. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const last = text.matchAll(/minor: (.+)/g);
  return [...last].at(-1)?.[1] ?? text.split('\n')[0] ?? '';
}

function contentOf(file: Hdf5, where: string, budget: { left: number }): H5Content {
  const entity = (path: string): unknown => {
    if (path === '') return file;
    try {
      return file.get(path);
    } catch {
      return undefined;
    }
  };
  const group = (path: string): Group | undefined => {
    const found = entity(path);
    return found instanceof Object && 'keys' in found ? (found as Group) : undefined;
  };
  const attribute = (path: string, name: string): unknown => {
    const { attrs = {} } = group(path) ?? {};
    return Object.hasOwn(attrs, name) ? attrs[name]?.value : undefined;
  };
  return {
    names: (path) => group(path)?.keys(),
    text(path, name) {
      const value = attribute(path, name);
      return value === undefined || value === null ? undefined : textOf(value);
    },
    texts(path, name) {
      const whole = attribute(path, name);
      if (whole !== undefined) return listOf(whole);
      const parts: string[] = [];
      for (let i = 0; ; i++) {
        const part = attribute(path, `${name}${i}`);
        if (part === undefined) return i === 0 ? undefined : parts;
        parts.push(...listOf(part));
      }
    },
    floats(path) {
      const found = entity(path);
      if (!(found instanceof Object && 'metadata' in found))
        throw new InputError(`${where}: there is no tensor "${path}"; save the model again`);
      return floatsOf(found as Dataset, `${where}: tensor "${path}"`, budget);
    },
  };
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value ?? '')];
}

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
}

function floatsOf(dataset: Dataset, where: string, budget: { left: number }): Floats {
  const { dtype, metadata } = dataset;
  const shape = metadata.shape ?? [];
  if (dtype !== '<f' && dtype !== '<d')
    throw new InputError(
      `${where} is of type ${typeof dtype === 'string' ? dtype : 'compound'}, and float32 or float64 are read: save the model in float32`,
    );
  const bytes = sizeOf(shape) * metadata.size;
  budget.left -= bytes;
  if (shape.length > MOST_AXES || !(budget.left >= 0))
    throw new InputError(`${where} has shape [${shape}], which is more than such a file can hold`);
  const { value } = dataset;
  const data = typeof value === 'number' ? Float32Array.of(value) : Float32Array.from(value as Float32Array);
  if (data.length !== sizeOf(shape)) throw new Error(`${where} has ${data.length} numbers`);
  return { shape, data };
}

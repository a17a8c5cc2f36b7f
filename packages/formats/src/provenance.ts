import { isTfjs } from './as-tfjs.ts';
import { propIn, withProp } from './onnx/metadata-props.ts';
import { modelFilesOf, readModelFile } from './read-network.ts';
import { isRecord } from './tfjs/node-def.ts';
import type { TfjsFiles } from './tfjs/read-files.ts';

/** The key of the provenance in an ONNX file's `metadata_props`, and in a model.json's `userDefinedMetadata`. */
const PROVENANCE_KEY = 'espalier.provenance';

/**
 * How a network was made, as JSON that a person reads. Nothing here is decided by it. `before` is what the file that it
 * was made of said itself.
 */
export type FileProvenance = Readonly<Record<string, unknown>>;

export function onnxWith(onnx: Uint8Array, provenance: FileProvenance | undefined): Uint8Array {
  return provenance ? withProp(onnx, PROVENANCE_KEY, JSON.stringify(provenance)) : onnx;
}

export function modelWith(files: TfjsFiles, provenance: FileProvenance | undefined): TfjsFiles {
  if (!provenance) return files;
  const userDefinedMetadata = { ...metadataOf(files), [PROVENANCE_KEY]: provenance };
  return { ...files, json: { ...files.json, userDefinedMetadata } };
}

/** Undefined where an ONNX file says nothing about it, or no JSON. */
export function provenanceOfOnnx(onnx: Uint8Array): FileProvenance | undefined {
  const text = propIn(onnx, PROVENANCE_KEY);
  if (text === undefined) return undefined;
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function provenanceOfModel(files: TfjsFiles): FileProvenance | undefined {
  return asRecord(metadataOf(files)[PROVENANCE_KEY]);
}

/** What a model's file says itself. */
export async function provenanceOfFile(path: string): Promise<FileProvenance | undefined> {
  const file = await readModelFile(path);
  if (file.form === 'onnx') return provenanceOfOnnx(file.bytes);
  return isTfjs(file) ? provenanceOfModel(await modelFilesOf(file, path)) : undefined;
}

function metadataOf({ json }: TfjsFiles): Readonly<Record<string, unknown>> {
  return isRecord(json.userDefinedMetadata) ? json.userDefinedMetadata : {};
}

function asRecord(value: unknown): FileProvenance | undefined {
  return isRecord(value) ? value : undefined;
}

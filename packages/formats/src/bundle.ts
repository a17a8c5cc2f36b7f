import { basename, posix } from 'node:path';
import type { NetworkMetadata } from '@espalier/network';
import { checkName, formOf, isZip } from './form.ts';
import { METADATA_KEY, metadataSchema } from './metadata.ts';
import { FILE_TYPES, type FileType, tfjsType } from './model-format.ts';
import { jsonAlone, type ModelFile, readHead, readModelFile } from './read-network.ts';
import { isRecord } from './tfjs/node-def.ts';
import { readTfjs } from './tfjs/read-files.ts';
import { shardsBeside } from './tfjs/shard-files.ts';
import { type Unzipped, unzipped } from './tfjs/zipped.ts';
import { zipped } from './zip-written.ts';

/** A model in one file. */
export interface Bundle {
  /** The same for the same model: of several files, their zip, however they came. Null: it is the file as it came. */
  readonly bytes: Uint8Array | null;
  readonly type: FileType;
  /** What came in a zip with the model and is none of it. */
  readonly leftOut: readonly string[];
}

/**
 * A model as one file, by which it is known: ONNX and Keras as they are; a model.json with its shards, or any zip of them, as
 * a zip that is the same whatever order, times and compression they came with.
 *
 * @param path of the file, or of the model.json
 * @param alone whether nothing beside it is read
 * @throws {InputError} which names the file and what is wrong with it
 */
export async function bundleOf(path: string, alone = false): Promise<Bundle> {
  const asItCame = (type: FileType): Bundle => ({ bytes: null, type, leftOut: [] });
  checkName(path);
  const head = await readHead(path);
  // What is large is not read for that.
  if (!isZip(head)) {
    const form = await formOf(head, path);
    if (form === 'onnx') return asItCame(FILE_TYPES.onnx);
    if (form === 'keras') return asItCame(FILE_TYPES.hdf5);
  }
  const file = await readModelFile(path);
  if (file.form === 'keras') return asItCame(FILE_TYPES.archive);
  const { model, files, leftOut } = await filesOf(file, path, alone);
  const bytes = zipped(files);
  return { bytes: bytes.equals(file.bytes) ? null : bytes, type: tfjsType(model), leftOut };
}

/**
 * A bundle that says itself how pixels become its input; undefined for a file of Keras, which has no place for it.
 *
 * @throws {InputError} for a file that is no model
 */
export async function bundleWith(path: string, metadata: NetworkMetadata): Promise<Uint8Array | undefined> {
  const file = await readModelFile(path);
  if (file.form === 'keras') return undefined;
  const { model, files } = await filesOf(file, path, true);
  const own = isRecord(model.json.userDefinedMetadata) ? model.json.userDefinedMetadata : {};
  const userDefinedMetadata = { ...own, [METADATA_KEY]: metadataSchema.parse(metadata) };
  const json = Buffer.from(JSON.stringify({ ...model.json, userDefinedMetadata }));
  return zipped(new Map([...files, [model.jsonName ?? basename(path), json]]));
}

async function filesOf({ form, bytes }: ModelFile, path: string, alone: boolean): Promise<Unzipped> {
  if (form === 'zip') return await unzipped(bytes, path);
  if (alone) throw jsonAlone(path);
  const jsonName = basename(path);
  const files = new Map([[jsonName, bytes]]);
  const read = shardsBeside(path);
  const model = await readTfjs(path, new TextDecoder().decode(bytes), async (shard, most) => {
    const found = await read(shard, most);
    files.set(posix.normalize(shard), found);
    return found;
  });
  return { model: { ...model, jsonName }, files, leftOut: [] };
}

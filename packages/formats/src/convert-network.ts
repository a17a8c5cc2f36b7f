import { basename } from 'node:path';
import { InputError } from '@espalier/errors';
import { asStored, type Network } from '@espalier/network';
import { type GivenFile, isTfjs, originOf, tfjsModelOf } from './as-tfjs.ts';
import { extensionOf } from './form.ts';
import { decodeOnnx } from './onnx/decode.ts';
import { encodeOnnx } from './onnx/encode.ts';
import { CannotPatch } from './onnx/patch/cannot-patch.ts';
import { modelWith, onnxWith, provenanceOfModel, provenanceOfOnnx } from './provenance.ts';
import { type ModelFile, modelFilesOf, readModelFile } from './read-network.ts';
import { artifactsOf, type GraphArtifacts, graphArtifactsOf } from './tfjs/artifacts.ts';
import { carriedBytes } from './tfjs/carried.ts';
import { writeTfjs } from './tfjs/write-files.ts';
import { asInputError, writeWhole } from './write-whole.ts';

/** A network that is to be written in another format than it came in. */
export interface Converted {
  /** The side of TensorFlow.js: the model that was given, or the one that is to be written. */
  readonly model: GraphArtifacts;
  /** Inputs of that side which have one number throughout. */
  readonly set?: Readonly<Record<string, number>> | undefined;
  /** What a person should know of. */
  readonly notes: readonly string[];
  /** @returns how many bytes the files have together */
  write(): Promise<number>;
}

/**
 * A network in the format that the extension of `path` names: ONNX of a model of TensorFlow.js, and the other way round.
 * The ONNX file carries what makes that model of it again. Nothing is written yet.
 *
 * @param network as `given` was read
 * @throws {InputError} for a format that is the same, or a node that has no counterpart in the other
 */
export async function convertNetwork(path: string, network: Network, given: GivenFile): Promise<Converted> {
  const file = await readModelFile(given.file);
  const to = extensionOf(path);
  if (!['.onnx', '.json', '.zip'].includes(to))
    throw new InputError(`${path}: name the file *.onnx, or *.json or *.zip for a model of TensorFlow.js`);
  if (to === `.${file.form}`) {
    const other = to === '.onnx' ? 'a *.json for a model of TensorFlow.js' : '*.onnx';
    throw new InputError(`${basename(given.file)} already has that format; name ${other}`);
  }
  return to === '.onnx'
    ? await asOnnx(path, network, given, file)
    : await asModel(path, network, given, file);
}

async function asOnnx(path: string, network: Network, given: GivenFile, file: ModelFile): Promise<Converted> {
  const files = await modelFilesOf(file, given.file);
  const isModel = isTfjs(file);
  const { name: _, folder: __, ...read } = originOf(given, network);
  const bytes = encodeOnnx(asStored(network));
  // What is read of the file is tried, not what is in memory.
  const carried = isModel
    ? await carriedBytes(files, read, (await decodeOnnx(bytes, { name: path })).network)
    : undefined;
  const whole = onnxWith(carried ? Buffer.concat([bytes, carried]) : bytes, provenanceOfModel(files));
  const lost = `${basename(path)} cannot be converted back to its original model: a new graph model will be written`;
  return {
    model: isModel ? artifactsOf(files) : graphArtifactsOf(files),
    set: given.set,
    notes: carried || !isModel ? [] : [lost],
    async write() {
      await writeWhole(path, whole);
      return whole.length;
    },
  };
}

async function asModel(
  path: string,
  network: Network,
  given: GivenFile,
  file: ModelFile,
): Promise<Converted> {
  try {
    const { files: own, notes, set } = await tfjsModelOf(path, network, given);
    const files = modelWith(own, file.form === 'onnx' ? provenanceOfOnnx(file.bytes) : undefined);
    return {
      model: artifactsOf(files),
      set,
      notes,
      write: async () => {
        try {
          return await writeTfjs(path, files);
        } catch (error) {
          throw asInputError(path, error);
        }
      },
    };
  } catch (error) {
    if (error instanceof CannotPatch) throw new InputError(`${given.file}: ${error.message}`);
    throw error;
  }
}

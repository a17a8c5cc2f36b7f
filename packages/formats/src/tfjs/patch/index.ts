import { fromBinary } from '@bufbuild/protobuf';
import { asStored, type Network } from '@espalier/network';
import { decodeOnnx, type Origin } from '../../onnx/decode.ts';
import { ModelProtoSchema } from '../../onnx/generated/onnx_pb.ts';
import { CannotPatch } from '../../onnx/patch/cannot-patch.ts';
import { patchOnnx } from '../../onnx/patch/index.ts';
import { isSameNetwork } from '../../onnx/patch/same-network.ts';
import { onnxOf } from '../onnx-of.ts';
import type { TfjsFiles } from '../read-files.ts';
import { type Encoder, writtenWeight } from '../weights-written.ts';
import { assembled } from './assembled.ts';
import { editsOf } from './edits.ts';

export interface PatchedTfjs {
  readonly files: TfjsFiles;
  /** What became of the files that a person should know of. */
  readonly notes: readonly string[];
  /** Undefined where nothing was changed. */
  readonly changed?: true;
}

/**
 * A network that was made of a graph model, as that model with other weights: names, signature, open sizes, types and
 * quantisation of weights, and all that a network does not tell stay as they are.
 *
 * @param network cut, trained or repaired, with the names that the graph's nodes have
 * @throws {CannotPatch} where the graph cannot hold the network
 */
export async function patchTfjs(given: TfjsFiles, origin: Origin, network: Network): Promise<PatchedTfjs> {
  const { bytes, owners } = onnxOf(given);
  const patched = await patchOnnx(bytes, origin, network, { keepTransposes: true });
  if (patched.bytes === bytes) return { files: given, notes: [] };
  const [before, after] = [fromBinary(ModelProtoSchema, bytes), fromBinary(ModelProtoSchema, patched.bytes)];
  if (!before.graph || !after.graph) throw new Error('a file without a graph was patched');
  const edit = editsOf(given, owners, { before: before.graph, after: after.graph });
  await checkSame(assembled(given, edit, after, asPlain), origin, asStored(network));
  const roundings: Rounding[] = [];
  const files = assembled(given, edit, after, (name, weight, spec) => {
    const written = writtenWeight(name, weight, spec);
    if (written.rounding && written.rounding.difference > 0) roundings.push({ name, ...written.rounding });
    return written;
  });
  return { files, notes: [...patched.notes, ...roundingNotes(roundings)], changed: true };
}

/** Every number as it is: what is compared with the network. */
const asPlain: Encoder = (name, weight, spec) =>
  writtenWeight(name, weight, spec && { ...spec, quantization: undefined });

interface Rounding {
  readonly name: string;
  readonly difference: number;
  readonly norm: number;
}

function roundingNotes(roundings: readonly Rounding[]): string[] {
  if (roundings.length === 0) return [];
  const root = (of: (each: Rounding) => number) =>
    Math.sqrt(roundings.reduce((sum, each) => sum + of(each) ** 2, 0));
  const share = root(({ difference }) => difference) / (root(({ norm }) => norm) || 1);
  return [
    `${roundings.length} weight(s) are rounded to the integers that the model keeps them in, with a scale of their own: ${(100 * share).toPrecision(2)} % of their norm`,
  ];
}

async function checkSame(files: TfjsFiles, origin: Origin, network: Network): Promise<void> {
  if (await isSameNetwork(await readAgain(files, origin), network)) return;
  throw new CannotPatch('reading it back would give another network');
}

async function readAgain(files: TfjsFiles, origin: Origin): Promise<Network> {
  try {
    return (await decodeOnnx(onnxOf(files).bytes, { ...origin, name: 'patched' })).network;
  } catch (error) {
    throw new CannotPatch(error instanceof Error ? error.message : String(error));
  }
}

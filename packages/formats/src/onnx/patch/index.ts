import { asStored, type Network, networkHash } from '@espalier/network';
import { METADATA_KEY, metadataJson } from '../../metadata.ts';
import { checkFileSize } from '../../size.ts';
import { decodeOnnx, type Origin, type TracedNetwork, traceOnnx } from '../decode.ts';
import { withProp } from '../metadata-props.ts';
import { withoutRemedy } from '../refusals.ts';
import { CannotPatch } from './cannot-patch.ts';
import { Extents } from './extents.ts';
import { patchFilled } from './filled.ts';
import { patchNodes } from './nodes.ts';
import { PatchedFile } from './patched-file.ts';
import { isSameNetwork } from './same-network.ts';
import { checkOthers, patchShapes, patchValueInfos } from './shapes.ts';
import { putWeights } from './weights.ts';

export interface Patched {
  readonly bytes: Uint8Array;
  /** What became of the file that a person should know of. */
  readonly notes: readonly string[];
}

export interface PatchOptions {
  /** Whether the Transposes between layers may stay, which the network does without. Default: where sizes are open. */
  readonly keepTransposes?: boolean;
}

/**
 * A network that was made of a file's, written as that file with other tensors: names, operation set, types, open
 * dimensions and all that a network does not tell stay as they are. Where nothing changed, these are the bytes given.
 *
 * @param given the file's bytes, and `origin` where they come from
 * @param network cut, trained or repaired, with the names that the file's nodes and values have; its weights are rounded
 * to the types of the file
 * @throws {CannotPatch} where the file cannot hold the network; {InputError} for one that cannot be read
 */
export async function patchOnnx(
  given: Uint8Array,
  origin: Origin,
  network: Network,
  options: PatchOptions = {},
): Promise<Patched> {
  const wanted = asStored(network);
  checkFileSize(wanted);
  const patched = patch(given, await traceOnnx(given, origin), wanted, { ...origin, ...options });
  if (patched.bytes !== given) await checkSame(patched.bytes, origin, wanted);
  return patched;
}

function patch(
  given: Uint8Array,
  read: TracedNetwork,
  network: Network,
  { folder, keepTransposes = read.isOpen }: Origin & PatchOptions,
): Patched {
  const metadata = metadataOf(network, read.network);
  const file = new PatchedFile(given);
  if (file.outside === 0 && networkHash(network) === networkHash(read.network)) {
    return { bytes: metadata ? withProp(given, METADATA_KEY, metadataJson(metadata)) : given, notes: [] };
  }
  // Where sizes are open, a file that stays so is worth more.
  if (read.walk.turns && !keepTransposes) {
    throw new CannotPatch('Transposes between its layers are removed');
  }
  const weights = putWeights(file, read, network);
  file.takeIn(folder);
  const all = { file, read, network, extents: new Extents(read, network, weights.shapes) };
  checkOthers(all);
  patchNodes(all);
  patchShapes(all);
  patchFilled(all, weights.filled);
  patchValueInfos(all);
  if (metadata) file.addMetadata(METADATA_KEY, metadataJson(metadata));
  return { bytes: file.bytes(), notes: [...keptNotes(weights.kept), ...movedNotes(file.outside)] };
}

/** Only what the file does not have. */
function metadataOf({ metadata }: Network, { metadata: own }: Network) {
  return metadata && (!own || metadataJson(metadata) !== metadataJson(own)) ? metadata : undefined;
}

function keptNotes(kept: readonly string[]): string[] {
  const [first] = kept;
  if (first === undefined) return [];
  return [
    `${kept.length} tensor(s) that the file computed from others are stored as values, first "${first}"`,
  ];
}

function movedNotes(count: number): string[] {
  return count > 0 ? [`${count} external tensor(s) are written into the file`] : [];
}

/** What is read of the file is the network, in the form that reading gives. */
async function checkSame(bytes: Uint8Array, origin: Origin, network: Network): Promise<void> {
  if (await isSameNetwork(await readPatched(bytes, origin), network)) return;
  throw new CannotPatch('reading it back would give another network');
}

async function readPatched(bytes: Uint8Array, origin: Origin): Promise<Network> {
  try {
    return (await decodeOnnx(bytes, { ...origin, name: 'patched' })).network;
  } catch (error) {
    throw new CannotPatch(withoutRemedy(error instanceof Error ? error.message : String(error)));
  }
}

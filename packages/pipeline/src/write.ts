import { checkFile, checkGraph } from '@espalier/engines';
import {
  type FileProvenance,
  type GivenFile,
  type GraphArtifacts,
  type Written,
  writeNetwork,
} from '@espalier/formats';
import { asStored, type Network } from '@espalier/network';
import type { Observer } from './observer.ts';
import type { Provenance } from './workplace.ts';

/**
 * Writes a network as the file that it was made of with other tensors, runs that, and passes on what became of it. See
 * `writeNetwork`.
 *
 * @param given the file; null: there is none
 * @param provenance how the network was made, as it is written into the file
 */
export async function writeLike(
  given: GivenFile | null,
  path: string,
  network: Network,
  { warning }: Observer,
  provenance: FileProvenance,
): Promise<Written> {
  const check = (file: Uint8Array) => checkFile(file, asStored(network), given?.set);
  const ofGraph = (model: GraphArtifacts) => checkGraph(model, asStored(network), given?.set);
  const written = await writeNetwork(
    path,
    network,
    given === null ? { provenance } : { given, check, checkGraph: ofGraph, provenance },
  );
  for (const note of written.notes) warning?.(note);
  return written;
}

/**
 * What a file says of how it was made: networks and images by their hashes, and not where and by which machine, so that
 * equal results are equal files, whatever things are called there.
 */
export function provenanceInFile(
  { version, network, dataset, seed }: Provenance,
  how: FileProvenance,
): FileProvenance {
  return { espalier: version, model: network.hash, dataset: dataset?.hash ?? null, seed, ...how };
}

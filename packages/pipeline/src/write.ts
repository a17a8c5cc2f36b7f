import { checkFile, checkGraph } from '@espalier/engines';
import { type GivenFile, type GraphArtifacts, type Written, writeNetwork } from '@espalier/formats';
import { asStored, type Network } from '@espalier/network';
import type { Observer } from './observer.ts';

/**
 * Writes a network as the file that it was made of with other tensors, runs that, and passes on what became of it. See
 * `writeNetwork`.
 *
 * @param given the file; null: there is none
 */
export async function writeLike(
  given: GivenFile | null,
  path: string,
  network: Network,
  { warning }: Observer,
): Promise<Written> {
  const check = (file: Uint8Array) => checkFile(file, asStored(network), given?.set);
  const ofGraph = (model: GraphArtifacts) => checkGraph(model, asStored(network), given?.set);
  const written = await writeNetwork(
    path,
    network,
    given === null ? {} : { given, check, checkGraph: ofGraph },
  );
  for (const note of written.notes) warning?.(note);
  return written;
}

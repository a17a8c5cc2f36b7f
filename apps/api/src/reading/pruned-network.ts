import { InputError } from '@espalier/errors';
import { bundleOf, type ReadAs, readNetwork } from '@espalier/formats';
import {
  channelMap,
  cutNetwork,
  inferShapes,
  type KeptUnits,
  type Network,
  networkCost,
  networkHash,
  prunableGroups,
  weightUse,
} from '@espalier/network';
import { firstUnits, widthsOf } from './pruned-widths.ts';

interface Sent {
  readonly file: string;
  /** Of the network that it was made of. */
  readonly base: string;
  /** Both. */
  readonly readAs: ReadAs;
  /** Null if it was not told. */
  readonly kept: readonly KeptUnits[] | null;
}

/**
 * What an imported network costs, and its structure.
 *
 * @throws {InputError} unless its weights are as large as those of the base that is cut in this way
 */
export async function describePruned({ file, base: baseFile, readAs, kept }: Sent) {
  const { network } = await readNetwork(file, { ...readAs, alone: true });
  const { network: base } = await readNetwork(baseFile, { ...readAs, alone: true });
  const map = channelMap(base);
  const left = kept ?? firstUnits(widthsOf(network, base, map));
  const { network: cut } = cutNetwork(base, map, left);
  const told = kept === null ? 'no cut of the model' : 'not cut by the reported structure';
  checkSameWeights(network, cut, told);
  const structure = prunableGroups(map).map(({ id: group, width }) => {
    const own = left.find((each) => each.group === group)?.kept;
    const units = own ?? Array.from({ length: width }, (_, unit) => unit);
    const row = { group, before: width, after: units.length };
    // Which of them are left nothing says where only their number is known.
    return kept === null && row.after < width ? row : { ...row, kept: [...units] };
  });
  const { mediaType } = (await bundleOf(file, true)).type;
  return { networkHash: networkHash(network), ...networkCost(network), structure, mediaType };
}

function checkSameWeights(network: Network, expected: Network, told: string): void {
  const misfit = (text: string) => new InputError(`the network is ${told}: it ${text}`);
  const wanted = counted(weightsOf(expected));
  for (const weight of weightsOf(network)) {
    const left = wanted.get(weight) ?? 0;
    if (left === 0) throw misfit(`has a layer ${weight}, which that does not lead to`);
    wanted.set(weight, left - 1);
  }
  const missing = [...wanted].find(([, left]) => left > 0)?.[0];
  if (missing) throw misfit(`lacks a layer ${missing}, which that leads to`);
}

/** Of each layer that applies one its extents; of a matrix in either order, as exporters write both. */
function weightsOf(network: Network): string[] {
  const shapes = inferShapes(network, 1);
  const shapeOf = (value: string) => shapes.get(value) ?? [];
  return network.nodes.flatMap((node) => {
    const use = weightUse(network, node, shapeOf);
    if (!use) return [];
    const extents = network.constants.get(use.tensor)?.dims ?? [];
    const [a = 0, b = 0, ...others] = extents;
    const sorted = others.length === 0 ? [Math.max(a, b), Math.min(a, b)] : extents;
    return [`${sorted.join(' x ')} at ${use.positions} positions`];
  });
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

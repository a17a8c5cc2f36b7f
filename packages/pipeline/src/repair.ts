import { canonicalHash, imageIdentity, trainingImages } from '@espalier/engines';
import { asStored, type Network, networkHash } from '@espalier/network';
import { REPAIR_LAMBDA, REPAIR_VERSION, type Repaired, type RepairRequest, repair } from '@espalier/pruning';
import type { Bench } from './bench.ts';
import { counting, type Observer } from './observer.ts';
import type { Workplace } from './workplace.ts';

/** How the layers after the cut were repaired. */
export interface RepairSummary extends Pick<Repaired, 'layers' | 'left' | 'share'> {
  /** Of the training split. */
  readonly images: number;
  /** How strongly weights were held, at least: see `heldSolution`. */
  readonly lambda: number;
  readonly seed: number;
}

/** A repaired network, and how that came about. */
export interface Repair {
  readonly network: Network;
  readonly summary: RepairSummary;
}

/**
 * Where repaired networks are kept, so that whoever repeats a pruning, maybe elsewhere, goes on from the same weights:
 * another machine adds in another order, and would come to slightly other ones.
 */
export interface RepairStore {
  /** null if there is none of this key. */
  find(key: string): Promise<Repair | null>;
  /** Resolves when it is safe: nothing is built on it before. */
  keep(key: string, repair: Repair): Promise<void>;
}

/** What of a cut decides, with the images, what its repair makes of it. */
export type RepairedCut = Pick<RepairRequest, 'base' | 'map' | 'structure' | 'cut'>;

/** Of a repaired network: all that decides its weights. */
function repairKey(
  { dataset, engine }: Pick<Bench, 'dataset' | 'engine'>,
  { base, cut }: RepairedCut,
  drawn: { readonly images: number; readonly seed: number },
): string {
  return canonicalHash({
    ...{ kind: 'repair', version: REPAIR_VERSION, lambda: REPAIR_LAMBDA, ...drawn, engine: engine.name },
    ...{ base: networkHash(base), cut: networkHash(cut), sees: imageIdentity(base, dataset) },
    // Keys of before types were kept are those of networks in single precision.
    ...(base.stored ? { stored: Object.fromEntries(base.stored) } : {}),
  });
}

/** Repairs what was cut by the first `images` of a seeded permutation of the training split. */
export async function repairOn(
  { dataset, engine }: Pick<Bench, 'dataset' | 'engine'>,
  cut: RepairedCut,
  { images, seed }: { readonly images: number; readonly seed: number },
  { signal }: Workplace,
  observer: Observer,
): Promise<Repair> {
  const count = counting(observer, 'repairing', 'image layers');
  const { network, layers, left, share } = await repair({
    ...{ ...cut, engine, seed, signal },
    images: {
      count: images,
      batches: (size) => trainingImages(cut.base, dataset, { images, seed, signal }, size),
    },
    onProgress: (done, total) => count({ done, total }),
  });
  return {
    network: asStored(network),
    summary: {
      ...{ images, lambda: REPAIR_LAMBDA, seed, layers, left },
      ...(share === undefined ? {} : { share }),
    },
  };
}

/** Takes what is kept already as it is, and keeps what it makes. */
export async function repairOnce(
  repairs: RepairStore | undefined,
  ...work: Parameters<typeof repairOn>
): Promise<Repair> {
  if (!repairs) return repairOn(...work);
  const [bench, cut, drawn] = work;
  const key = repairKey(bench, cut, drawn);
  const found = await repairs.find(key);
  if (found) {
    const { name, stored } = cut.cut;
    return {
      ...found,
      network: { ...found.network, name, ...(stored ? { stored: found.network.stored ?? stored } : {}) },
    };
  }
  const made = await repairOn(...work);
  await repairs.keep(key, made);
  return made;
}

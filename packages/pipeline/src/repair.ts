import { trainingImages } from '@espalier/engines';
import type { Network } from '@espalier/network';
import { REPAIR_LAMBDA, type Repaired, type RepairRequest, repair } from '@espalier/pruning';
import type { Bench } from './bench.ts';
import { counting, type Observer } from './observer.ts';
import type { Workplace } from './workplace.ts';

/** How the layers behind the cut were repaired. */
export interface RepairSummary extends Pick<Repaired, 'layers' | 'left'> {
  /** Of the training split. */
  readonly images: number;
  readonly lambda: number;
  readonly seed: number;
}

/** A repaired network, and how that came about. */
export interface Repair {
  readonly network: Network;
  readonly summary: RepairSummary;
}

/** Repairs what was cut by the first `images` of a seeded permutation of the training split. */
export async function repairOn(
  { dataset, engine }: Pick<Bench, 'dataset' | 'engine'>,
  cut: Pick<RepairRequest, 'base' | 'map' | 'structure' | 'cut'>,
  { images, seed }: { readonly images: number; readonly seed: number },
  { signal }: Workplace,
  observer: Observer,
): Promise<Repair> {
  const count = counting(observer, 'repairing', 'image layers');
  const { network, layers, left } = await repair({
    ...{ ...cut, engine, seed, signal },
    images: {
      count: images,
      batches: (size) => trainingImages(cut.base, dataset, { images, seed, signal }, size),
    },
    onProgress: (done, total) => count({ done, total }),
  });
  return { network, summary: { images, lambda: REPAIR_LAMBDA, seed, layers, left } };
}

import type { Dataset } from '@espalier/datasets';
import type { NetworkMetadata } from '@espalier/network';

export interface LabelMapping {
  /** The network's class index for every class index of the data set. */
  readonly toNetwork: Uint16Array;
  /**
   * `same`: names agree in order, or the network has none. `permuted`: the same names in another order.
   * `different`: as many classes, but other names; worth a warning.
   */
  readonly names: 'same' | 'permuted' | 'different';
}

/** How the labels of a data set read in the class order of a network, which has as many classes. */
export function labelMapping(metadata: NetworkMetadata | undefined, dataset: Dataset): LabelMapping {
  const unchanged = Uint16Array.from(dataset.classes, (_, index) => index);
  const own = metadata?.classes;
  if (!own) return { toNetwork: unchanged, names: 'same' };
  const positions = new Map(own.map((name, index) => [comparable(name), index]));
  const found = dataset.classes.map((name) => positions.get(comparable(name)));
  const matched = found.flatMap((index) => index ?? []);
  if (new Set(matched).size !== own.length || own.length !== dataset.classes.length) {
    return { toNetwork: unchanged, names: 'different' };
  }
  const same = matched.every((index, i) => index === i);
  return { toNetwork: Uint16Array.from(matched), names: same ? 'same' : 'permuted' };
}

function comparable(name: string): string {
  return name.trim().toLowerCase();
}

import type { DatasetFacts } from '@espalier/datasets';
import type { NetworkMetadata } from '@espalier/network';

export interface LabelMapping {
  /** The network's class index for every class index of the data set. */
  readonly toNetwork: Uint16Array;
  /** How many classes the network has: as many as the data set, or more. */
  readonly count: number;
  /**
   * `same`: names agree in order, or the network has none. `permuted`: the same names in another order. `subset`: the
   * network has others besides. `different`: as many classes, but other names; worth a warning.
   */
  readonly names: 'same' | 'permuted' | 'subset' | 'different';
}

type Classes = Pick<DatasetFacts, 'classes'>;

/** How the labels of a data set read in the class order of a network that has these classes, or as many. */
export function labelMapping(metadata: NetworkMetadata | undefined, dataset: Classes): LabelMapping {
  const { length: count } = dataset.classes;
  const unchanged = Uint16Array.from(dataset.classes, (_, index) => index);
  const own = metadata?.classes;
  if (!own) return { toNetwork: unchanged, count, names: 'same' };
  const found = placesOf(own, dataset);
  if (!found) return { toNetwork: unchanged, count, names: 'different' };
  const toNetwork = Uint16Array.from(found);
  if (own.length > count) return { toNetwork, count: own.length, names: 'subset' };
  return { toNetwork, count, names: found.every((index, i) => index === i) ? 'same' : 'permuted' };
}

/** Whether every class of the data set is one that the network names; it may name others besides. */
export function hasAllClasses(metadata: NetworkMetadata, dataset: Classes): boolean {
  return placesOf(metadata.classes ?? [], dataset) !== undefined;
}

/** Where each class of a data set stands among others; undefined where one is missing, or two are one. */
function placesOf(names: readonly string[], { classes }: Classes): number[] | undefined {
  const places = new Map(names.map((name, index) => [comparable(name), index]));
  const found = classes.flatMap((name) => places.get(comparable(name)) ?? []);
  const isClear = places.size === names.length && new Set(found).size === classes.length;
  return isClear ? found : undefined;
}

function comparable(name: string): string {
  return name.trim().toLowerCase();
}

import { differencesFrom, type Made, type Use } from '@espalier/latency';

/**
 * What makes a profile void on the machines whose workers take work, as told of the one that differs least.
 *
 * @returns in words; empty where one of them is as that of the profile, null if there is none
 */
export function differencesAt(made: Made, places: readonly Use[], use: Pick<Use, 'threads' | 'batch'>) {
  const told = places.map((place) => differencesFrom(made, { ...place, ...use }).differences);
  const [least = null] = told.toSorted((a, b) => a.length - b.length);
  return least;
}

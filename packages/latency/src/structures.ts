import { seededRandom } from '@espalier/datasets';
import { type ChannelGroup, type ChannelMap, cutNetwork, type Network } from '@espalier/network';

/** Engines run widths well that are multiples of this; a device profile may know better ones. */
export function usualAlignment(width: number): number {
  return width >= 32 ? 8 : 4;
}

/** Ascending, the whole group last. */
function widthsOf({ width }: ChannelGroup): number[] {
  const step = usualAlignment(width);
  const widths = Array.from({ length: Math.floor((width - 1) / step) }, (_, i) => (i + 1) * step);
  return [...widths, width];
}

/**
 * Structures to measure, as units kept of each prunable group: the whole network, the smallest one, and random ones,
 * by turns of about one ratio in all groups, as pruning makes them, and of any ratio in each, so that every pair of
 * widths comes up.
 */
export function drawStructures(groups: readonly ChannelGroup[], count: number, seed: number): number[][] {
  const random = seededRandom(seed);
  const ladders = groups.map(widthsOf);
  const whole = groups.map(({ width }) => width);
  const smallest = ladders.map(([first = 1]) => first);
  const drawn = Array.from({ length: count - 2 }, (_, i) => {
    const ratio = random();
    return ladders.map((widths, g) => {
      const share = i % 2 === 0 ? ratio + (random() - 0.5) / 2 : random();
      const wanted = share * (whole[g] ?? 1);
      return widths.reduce((a, b) => (Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a));
    });
  });
  return [whole, smallest, ...drawn];
}

/** The network with so many units of each prunable group; which ones does not matter to its time. */
export function narrowed(
  network: Network,
  map: ChannelMap,
  groups: readonly ChannelGroup[],
  kept: readonly number[],
): Network {
  const structure = groups.map(({ id }, g) => ({
    group: id,
    kept: Array.from({ length: kept[g] ?? 1 }, (_, unit) => unit),
  }));
  return cutNetwork(network, map, structure).network;
}

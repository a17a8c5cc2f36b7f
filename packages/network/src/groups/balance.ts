import { FIXED, type Labels } from '../operation.ts';
import type { DisjointSets } from './disjoint-sets.ts';

/**
 * Parts of an axis of which equally many indices have to stay: the labels whose sets do not hold equally
 * many of every part yet. Tied index by index, they do; where a part has fewer of them, FIXED fills it up.
 * What is balanced already stays as fine as it is: after a channel shuffle, say, each unit of the next
 * grouped convolution holds one channel of every conv-group. Sets that are united later on stay balanced,
 * since their counts add up. Pinned sets stay whole and need no balance.
 */
export function looseLabels(
  parts: readonly Labels[],
  sets: DisjointSets,
  pinned: ReadonlySet<number>,
): Labels[] {
  const stays = (label: number) => label === FIXED || pinned.has(sets.find(label));
  const counts = new Map<number, number[]>();
  parts.forEach((part, p) => {
    for (const label of part) {
      if (stays(label)) continue;
      const root = sets.find(label);
      const count = counts.get(root) ?? parts.map(() => 0);
      count[p] = (count[p] ?? 0) + 1;
      counts.set(root, count);
    }
  });
  const loose = parts.map((part) =>
    part.filter((label) => !stays(label) && new Set(counts.get(sets.find(label))).size > 1),
  );
  const longest = Math.max(...loose.map(({ length }) => length));
  return loose.map((labels) => Int32Array.from({ length: longest }, (_, i) => labels[i] ?? FIXED));
}

import { constantOf, InputError, inputOf } from '@espalier/network';
import { unitWithin } from './filters.ts';
import type { Criterion } from './index.ts';

/**
 * Absolute BatchNorm scale, summed over the BatchNorms that a unit passes through. Liu, Li, Shen, Huang,
 * Yan, Zhang, "Learning efficient convolutional networks through network slimming", ICCV 2017.
 */
export const bnScale: Criterion = {
  name: 'bn-scale',
  score(group, { network, map }) {
    const scores = new Float64Array(group.width);
    const scored = new Set<number>();
    for (const node of network.nodes) {
      if (node.op !== 'BatchNormalization') continue;
      const name = inputOf(node, 1);
      const scale = constantOf(network, name).data;
      map.axes.get(name)?.[0]?.forEach((unit, i) => {
        const within = unitWithin(group, unit);
        if (within < 0) return;
        scores[within] = (scores[within] ?? 0) + Math.abs(Number(scale[i]));
        scored.add(within);
      });
    }
    if (scored.size < group.width) {
      throw new InputError(
        `criterion bn-scale: no BatchNorm follows group "${group.id}" (it may be folded into the convolution); choose another criterion, such as l1`,
      );
    }
    return scores;
  },
};

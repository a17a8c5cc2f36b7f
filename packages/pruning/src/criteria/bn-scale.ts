import { InputError } from '@espalier/errors';
import { constantOf, inputOf } from '@espalier/network';
import type { MemberCriterion } from './criterion.ts';
import { unitWithin } from './filters.ts';

/**
 * Absolute scale of each BatchNorm that a unit passes through. Liu, Li, Shen, Huang, Yan, Zhang, "Learning
 * efficient convolutional networks through network slimming", ICCV 2017.
 */
export const bnScale: MemberCriterion = {
  name: 'bn-scale',
  description: 'absolute scale of the BatchNorm after a filter',
  members(group, { network, map }) {
    const norms = network.nodes.filter(({ op }) => op === 'BatchNormalization');
    // The scale of one that is applied several times counts once.
    const members = [...new Set(norms.map((node) => inputOf(node, 1)))].map((name) => {
      const scale = constantOf(network, name).data;
      const labels = map.axes.get(name)?.[0] ?? [];
      return {
        units: Int32Array.from(labels, (unit) => unitWithin(group, unit)),
        scores: Float64Array.from(labels, (_, i) => Math.abs(Number(scale[i]))),
      };
    });
    const scored = new Set(members.flatMap(({ units }) => [...units.filter((unit) => unit >= 0)]));
    if (scored.size < group.width) {
      throw new InputError(
        `criterion bn-scale: no BatchNorm follows group "${group.id}" (it may be folded into the convolution); choose another criterion, such as l1`,
        'criterion',
      );
    }
    return members;
  },
};

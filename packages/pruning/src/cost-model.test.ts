import { cutNetwork, networkCost } from '@espalier/network';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../../test/generate/architectures.ts';
import { ranked } from '../test/ranked.ts';
import { keptUnits } from './criteria/index.ts';

/** Residual streams, channel shuffle behind a split, grouped and depthwise convolutions, dense concatenation. */
const names = ['resnet20-cifar', 'shufflenet-v2', 'resnext50', 'mobilenet-v3-small', 'densenet121'];

describe.each(names)('%s', (name) => {
  const network = architectures[name]?.({ size: 64, width: 0.25, classes: 10 });
  if (!network) throw new Error(`there is no architecture ${name}`);
  const { map, rankings, cost } = ranked(network, 'random');

  test('the formula gives the cost of the network that is cut', () => {
    const shares = fc.array(fc.double({ min: 0, max: 0.9, noNaN: true }), {
      minLength: rankings.length,
      maxLength: rankings.length,
    });
    fc.assert(
      fc.property(shares, (removed) => {
        const widths = rankings.map(
          ({ group }, g) => group.width - Math.floor((removed[g] ?? 0) * group.width),
        );
        const structure = rankings.map((ranking, g) => ({
          group: ranking.group.id,
          kept: keptUnits(ranking, widths[g] ?? 1),
        }));
        expect(cost.cost(widths)).toEqual(networkCost(cutNetwork(network, map, structure).network));
      }),
      { numRuns: 5 },
    );
  });
});

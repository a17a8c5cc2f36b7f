import { seededRandom } from '@espalier/datasets';
import { buildArchitecture, channelMap, type Network, prunableGroups } from '@espalier/network';
import { expect, it } from 'vitest';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { latencyModel } from './latency-model.ts';
import { timedLayers } from './layers.ts';
import { predictMs } from './predict.ts';
import { drawStructures, narrowed } from './structures.ts';

/** Every kind its own stairs and rates. */
function deviceFor(network: Network) {
  const kinds = [...new Set(timedLayers(network).layers.map(({ kind }) => kind))];
  return {
    network: { name: network.name, hash: '' },
    overheadMs: 0.1,
    kinds: kinds.map((kind, k) => ({
      ...{ kind, samples: 1, steps: { inputs: 1 + (k % 3), outputs: 4 + k } },
      milliseconds: [0.01 * k, 0.001, 0.002, 1e-5 * (k + 1)] as [number, number, number, number],
    })),
  };
}

function built(name: string): Network {
  const input = { channels: 3, height: 32, width: 32 };
  return buildArchitecture(name, { classes: 10, input, random: seededRandom(1) });
}

function joined(): Network {
  const b = new NetworkBuilder('joined');
  const x = b.convBnRelu(b.input([3, 8, 8]), 16);
  const wide = b.concat([b.convBnRelu(x, 8), b.convBnRelu(x, 12), x]);
  const grouped = b.conv(b.relu(b.conv(wide, 16)), 24, { group: 4 });
  return b.build(b.gemm(b.flatten(b.depthwise(grouped)), 5));
}

it.each([built('resnet20'), built('mobilenetv2'), joined()])(
  'tells of widths what is predicted of the network that is cut so: $name',
  (network) => {
    const map = channelMap(network);
    const groups = prunableGroups(map);
    const device = deviceFor(network);
    const model = latencyModel(device, network, map);
    for (const kept of drawStructures(groups, 8, 5)) {
      const predicted = predictMs(device, narrowed(network, map, groups, kept));
      expect(model.latency(kept) / predicted).toBeCloseTo(1, 9);
    }
  },
);

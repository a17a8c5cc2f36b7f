import { encodeOnnx } from '@espalier/formats';
import { channelMap, cutNetwork } from '@espalier/network';
import { expect, test } from 'vitest';
import { Random } from '../../packages/network/test/random.ts';
import { resNetCifar } from '../generate/architectures/resnet.ts';
import { randomStructure } from '../generate/random-network.ts';
import { cutByHand, differences } from './cut-by-hand.ts';

test('the file of a pruned ResNet-20 holds the tensors that were cut by hand', () => {
  const network = resNetCifar(20, 'projection');
  const map = channelMap(network);
  const structure = randomStructure(map, new Random(3));
  const pruned = encodeOnnx(cutNetwork(network, map, structure).network);
  const byHand = cutByHand(encodeOnnx(network), map.groups, structure);
  // Convolutions and BatchNorms (weight, then four constants), and the dense layer with its bias.
  expect(byHand.size).toBe(21 + 4 * 21 + 2);
  expect(differences(byHand, pruned)).toEqual([]);

  const [{ group, kept } = { group: '', kept: [] }, ...rest] = structure;
  const shifted = [{ group, kept: kept.slice(1) }, ...rest];
  expect(differences(cutByHand(encodeOnnx(network), map.groups, shifted), pruned)).not.toEqual([]);
});

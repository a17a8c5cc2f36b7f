import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { encodeOnnx, readNetwork } from '@espalier/formats';
import { channelMap, cutNetwork } from '@espalier/network';
import { expect, test } from 'vitest';
import { Random } from '../../packages/network/test/random.ts';
import { resNetCifar } from '../generate/architectures/resnet.ts';
import { randomStructure } from '../generate/random-network.ts';
import { cutByHand, differences } from './cut-by-hand.ts';

// Convolutions, their BatchNorms (four constants each), the dense layer with its bias.
const TENSORS = 21 + 4 * 21 + 2;

test('the file of a pruned ResNet-20 holds the tensors that were cut by hand', () => {
  const network = resNetCifar(20, 'projection');
  const map = channelMap(network);
  const structure = randomStructure(map, new Random(3));
  const pruned = encodeOnnx(cutNetwork(network, map, structure).network);
  const byHand = cutByHand(encodeOnnx(network), map.groups, structure);
  expect(byHand.size).toBe(TENSORS);
  expect(differences(byHand, pruned)).toEqual([]);

  const [{ group, kept } = { group: '', kept: [] }, ...rest] = structure;
  const shifted = [{ group, kept: kept.slice(1) }, ...rest];
  expect(differences(cutByHand(encodeOnnx(network), map.groups, shifted), pruned)).not.toEqual([]);
});

test('and so does that of the trained one, whose file another framework wrote', async () => {
  const path = fileURLToPath(new URL('../../models/resnet20-cifar10.onnx', import.meta.url));
  const { network } = await readNetwork(path);
  const map = channelMap(network);
  const structure = randomStructure(map, new Random(4));
  const byHand = cutByHand(await readFile(path), map.groups, structure);
  expect(byHand.size).toBe(TENSORS);
  expect(differences(byHand, encodeOnnx(cutNetwork(network, map, structure).network))).toEqual([]);
});

import { InputError } from '@espalier/errors';
import { expect, test } from 'vitest';
import { Random } from '../../test/random.ts';
import { layerCosts, networkCost } from '../cost.ts';
import { channelMap, prunableGroups } from '../groups/index.ts';
import { networkHash } from '../hash.ts';
import type { Network } from '../network.ts';
import { inferShapes } from '../shapes.ts';
import { type ArchitectureOptions, architectureNames, buildArchitecture } from './index.ts';

const cifar = { channels: 3, height: 32, width: 32 };

/** Its weights are all the same, unless they are drawn: most of the work would be in millions of random numbers. */
function build(name: string, options: Partial<ArchitectureOptions> = {}): Network {
  return buildArchitecture(name, { classes: 10, input: cifar, random: () => 0.5, ...options });
}

function drawn(seed: number): () => number {
  const random = new Random(seed);
  return () => random.next();
}

// ResNet-20: shared/design/method.md, section 9, and the file that PyTorch wrote. ResNet-56: its published
// 125,485,056 MACs and 853,018 params with free shortcuts, and what the two projections add. VGG-16:
// torchvision's vgg16_bn without its dense layers has 14,723,136 params. MobileNetV2: torchvision's with 10
// classes has 2,236,682 params; MACs by a script that knows table 2 of the paper alone.
test.each([
  ['resnet20', 272_474, 40_813_184],
  ['resnet56', 853_018 + 2_752, 125_485_056 + 262_144 + 640],
  ['vgg16', 14_723_136 + 5_130, 313_196_544 + 5_120],
  ['mobilenetv2', 2_236_682, 87_976_448],
])('%s has the params and MACs of the literature', (name, params, macs) => {
  expect(networkCost(build(name))).toEqual({ params, macs });
});

// torchvision's, with 1,000 classes at 224 pixels.
test.each([
  ['resnet18', 11_689_512, 1_814_073_344],
  ['resnet50', 25_557_032, 4_089_184_256],
  ['mobilenetv2', 3_504_872, 300_774_272],
])('%s has them for large images', (name, params, macs) => {
  const input = { channels: 3, height: 224, width: 224 };
  expect(networkCost(build(name, { classes: 1000, input }))).toEqual({ params, macs });
});

test.each([
  // An inner layer a block and a stream a stage; the layers of a chain; expansions, streams, the two ends.
  ['resnet20', 9 + 3],
  ['resnet56', 27 + 3],
  ['vgg16', 13],
  // Two inner layers a bottleneck.
  ['resnet18', 8 + 4],
  ['resnet50', 2 * 16 + 4 + 1],
  ['mobilenetv2', 16 + 7 + 2],
])('every layer of %s can be pruned but the last', (name, count) => {
  const map = channelMap(build(name, { input: { channels: 3, height: 32, width: 32 } }));
  expect(prunableGroups(map)).toHaveLength(count);
  expect(map.groups.filter(({ prunable }) => !prunable).map(({ id }) => id)).toEqual(['fc']);
});

test('every name is built, from "input" to "logits", for any batch, classes and channels', () => {
  expect(architectureNames).toEqual([
    ...['resnet20', 'resnet56', 'resnet18', 'resnet50', 'vgg16', 'mobilenetv2'],
  ]);
  for (const name of architectureNames) {
    const input = { channels: 1, height: 38, width: 40 };
    const network = build(name, { classes: 7, input, random: drawn(1) });
    expect(network).toMatchObject({
      name,
      inputs: [{ name: 'input', shape: [-1, 1, 38, 40] }],
      outputs: ['logits'],
    });
    expect(inferShapes(network, 5).get('logits')).toEqual([5, 7]);
    expect([...network.constants.values()].every(({ data }) => data.every(Number.isFinite))).toBe(true);
    const names = network.nodes.map((node) => node.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((each) => /[^\w.]/.test(each))).toEqual([]);
  }
});

test('nodes and parameters are named as PyTorch names them', () => {
  const { nodes, constants } = build('resnet20');
  const block = nodes.filter(({ name }) => name.startsWith('layer2.0.')).map(({ name }) => name.slice(9));
  expect(block).toEqual('conv1 bn1 relu1 conv2 bn2 downsample.0 downsample.1 add relu2'.split(' '));
  expect([...constants.keys()].slice(0, 6)).toEqual([
    'conv1.weight',
    'bn1.weight',
    'bn1.bias',
    'bn1.running_mean',
    'bn1.running_var',
    'layer1.0.conv1.weight',
  ]);
});

test('MobileNetV2 halves the image three times, VGG-16 as often as it can', () => {
  const extent = (name: string, size: number) => {
    const layers = layerCosts(build(name, { input: { channels: 3, height: size, width: size } }));
    const pooled = layers.findIndex(({ op }) => op === 'GlobalAveragePool');
    return [layers[pooled - 1]?.outputShape.at(-1), layers.filter(({ op }) => op === 'MaxPool').length];
  };
  expect(extent('mobilenetv2', 32)).toEqual([4, 0]);
  expect(extent('vgg16', 64)).toEqual([2, 5]);
  expect(extent('vgg16', 32)).toEqual([1, 5]);
  expect(extent('vgg16', 8)).toEqual([1, 3]);
});

test('the seed determines every weight', () => {
  for (const name of ['resnet20', 'mobilenetv2']) {
    const hash = (seed: number) => networkHash(build(name, { random: drawn(seed) }));
    expect(hash(3)).toBe(hash(3));
    expect(hash(3)).not.toBe(hash(4));
  }
});

const refusals: readonly [string, Partial<ArchitectureOptions>, string][] = [
  [
    'resnet19',
    {},
    'there is no architecture "resnet19"; there are resnet20, resnet56, resnet18, resnet50, vgg16, mobilenetv2',
  ],
  ['resnet20', { classes: 1 }, 'resnet20 needs 2 or more classes, not 1'],
  ['vgg16', { classes: 2.5 }, 'vgg16 needs 2 or more classes, not 2.5'],
  ['resnet56', { input: { ...cifar, channels: 0 } }, 'resnet56 takes images of 1 or more channels, not 0'],
  [
    'mobilenetv2',
    { input: { ...cifar, width: 7 } },
    'mobilenetv2 takes images of 8 x 8 or more pixels, not 32 x 7',
  ],
  [
    'vgg16',
    { input: { ...cifar, height: Number.NaN } },
    'vgg16 takes images of 2 x 2 or more pixels, not NaN x 32',
  ],
];

test.each(refusals)('%s of %o is refused', (name, options, message) => {
  expect(() => build(name, options)).toThrow(new InputError(message));
  expect(() => build(name, options)).toThrow(InputError);
});

test.each([
  ['resnet20', 4],
  ['resnet18', 32],
  ['vgg16', 2],
  ['mobilenetv2', 8],
])('%s works on the smallest image that it takes', (name, size) => {
  const network = build(name, { input: { channels: 3, height: size, width: size } });
  expect(inferShapes(network, 2).get('logits')).toEqual([2, 10]);
});

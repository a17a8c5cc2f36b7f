import type { Dataset } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { forOneImage } from '../../../network/test/single.ts';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import { labelMapping } from './class-names.ts';
import { checkFits, preprocessingFor } from './fits.ts';
import { outputKind } from './output-kind.ts';

const letters = (text: string) => text.split('');

describe('labelMapping', () => {
  const dataset = tinyDataset({ classes: letters('abc') });

  it.each([
    ['no names', undefined, [0, 1, 2], 'same'],
    ['the same names', letters('abc'), [0, 1, 2], 'same'],
    ['another case', letters('ABC'), [0, 1, 2], 'same'],
    ['another order', letters('cab'), [1, 2, 0], 'permuted'],
    ['others besides', letters('xcab'), [2, 3, 1], 'subset'],
    ['others besides, a name twice', letters('abcc'), [0, 1, 2], 'different'],
    ['other names', letters('xyz'), [0, 1, 2], 'different'],
    ['some other names', letters('bax'), [0, 1, 2], 'different'],
    ['a name twice', letters('aab'), [0, 1, 2], 'different'],
  ] as const)('%s', (_what, classes, expected, names) => {
    const mapping = labelMapping(tinyMetadata(classes ? { classes } : {}), dataset);
    expect([...mapping.toNetwork]).toEqual(expected);
    expect(mapping.names).toBe(names);
  });
});

describe('outputKind', () => {
  it('sees a final Softmax through a change of shape', () => {
    const b = new NetworkBuilder('ends-in-softmax');
    const network = b.build(b.flatten(b.op('Softmax', [b.input([4, 1, 1])], { axis: 1 })));
    expect(outputKind(network, tinyMetadata({ output: 'logits' }))).toBe('probabilities');
  });

  it('believes the metadata otherwise', () => {
    expect(outputKind(tinyResNet(), tinyMetadata({ output: 'probabilities' }))).toBe('probabilities');
    expect(outputKind(tinyResNet(), undefined)).toBe('logits');
  });
});

describe('preprocessingFor', () => {
  it('takes what the network says', () => {
    const metadata = tinyMetadata();
    expect(preprocessingFor({ ...tinyResNet(), metadata }, tinyDataset())).toBe(metadata);
  });

  it('scales images of any size to what the network takes', () => {
    const { input } = preprocessingFor(tinyResNet(), tinyDataset({ image: null }));
    expect([input.size, input.resize]).toEqual([[6, 6], 7]);
  });

  it('scales photographs to a network that is not square, whole', () => {
    const [input] = tinyResNet().inputs;
    const tall = { ...tinyResNet(), inputs: input ? [{ ...input, shape: [-1, 3, 128, 64] }] : [] };
    const photographs = tinyDataset({ image: null });
    expect(preprocessingFor(tall, photographs).input).toMatchObject({ size: [128, 64] });
    expect(preprocessingFor(tall, photographs).input).not.toHaveProperty('resize');
    expect(() => checkFits(tall, photographs)).not.toThrow();
    expect(() => checkFits(tall, tinyDataset())).toThrow(
      'give the network a preprocessing with "size": [128, 64]',
    );
  });

  it.each([1, 3] as const)('takes grey or colour as the network does: images of %i channels', (channels) => {
    const dataset = tinyDataset({ image: { width: 6, height: 6, channels } });
    const of = (network: Network) => preprocessingFor(network, dataset).input;
    expect(of(tinyResNet({ channels: 1 }))).toMatchObject({ channels: 'gray', mean: [0.449], std: [0.226] });
    expect(of(tinyResNet({ channels: 3 }))).toMatchObject({ channels: 'RGB', mean: [0.485, 0.456, 0.406] });
    const [input] = tinyResNet().inputs;
    const free = { ...tinyResNet(), inputs: input ? [{ ...input, shape: [-1, -1, 6, 6] }] : [] };
    expect(of(free).channels).toBe(channels === 1 ? 'gray' : 'RGB');
  });
});

it('a network with its channels last, and one that takes bytes, say how pixels become their input', () => {
  const [input] = tinyResNet().inputs;
  const last = { ...input, name: 'pixels', shape: [-1, 6, 6, 3] };
  expect(preprocessingFor({ inputs: [last] }, tinyDataset()).input).toMatchObject({
    layout: 'NHWC',
    scale: 1 / 255,
  });
  expect(preprocessingFor({ inputs: [{ ...last, type: 'uint8' }] }, tinyDataset()).input).toMatchObject({
    ...{ layout: 'NHWC', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  });
});

describe('checkFits', () => {
  it('lets through what fits', () => {
    expect(() => checkFits(tinyResNet(), tinyDataset())).not.toThrow();
    expect(() => checkFits(tinyResNet(), tinyDataset({ image: null }))).not.toThrow();
  });

  it('lets through a network with its channels last, and one score for two classes', () => {
    expect(() => checkFits(on([6, 6, 3]), tinyDataset())).not.toThrow();
    expect(() => checkFits(on([3, 6, 6], 1), tinyDataset({ classes: letters('ab') }))).not.toThrow();
    expect(() => checkFits(on([3, 6, 6], 1), tinyDataset({ classes: letters('abc') }))).toThrow(
      'network "odd" has 1 class, tiny has 3',
    );
  });

  it('lets through a state beside the images, and a network that takes one image', () => {
    expect(() => checkFits(whole, tinyDataset())).not.toThrow();
    expect(() => checkFits(forOneImage(tinyResNet()), tinyDataset())).not.toThrow();
  });

  it('lets through images of some of the classes that a network names', () => {
    const metadata = tinyMetadata({ classes: letters('abcdefghij') });
    expect(() =>
      checkFits({ ...tinyResNet(), metadata }, tinyDataset({ classes: letters('gb') })),
    ).not.toThrow();
    expect(() => checkFits({ ...tinyResNet(), metadata }, tinyDataset({ classes: letters('gx') }))).toThrow(
      'or one with some of them to a network whose preprocessing names them all',
    );
  });

  it('lets a network scale images by its own preprocessing', () => {
    const network = { ...tinyResNet(), metadata: tinyMetadata() };
    expect(() =>
      checkFits(network, tinyDataset({ image: { width: 9, height: 9, channels: 3 } })),
    ).not.toThrow();
  });

  it('lets a network convert grey and colour into each other', () => {
    const grey = tinyDataset({ image: { width: 6, height: 6, channels: 1 } });
    const metadata = tinyMetadata();
    for (const network of [tinyResNet(), { ...tinyResNet(), metadata }]) {
      expect(() => checkFits(network, grey)).not.toThrow();
    }
    expect(() => checkFits(tinyResNet({ channels: 1 }), tinyDataset())).not.toThrow();
    // Not against its own word.
    expect(() => checkFits({ ...tinyResNet({ channels: 1 }), metadata }, tinyDataset())).toThrow(
      /takes images of 1x6x6 .* its own preprocessing makes 3x6x6/,
    );
  });

  /** A dense network on an input of this shape, with so many classes. */
  const on = (shape: readonly number[], classes = 10) => {
    const b = new NetworkBuilder('odd');
    const x = b.input(shape, 'pixels');
    return b.build(b.gemm(b.flatten(x), classes));
  };
  const two = new NetworkBuilder('two');
  const scores = new NetworkBuilder('scores');
  const image = new NetworkBuilder('image');
  const cells = new NetworkBuilder('cells');
  const head = scores.gemm(scores.flatten(scores.input([3, 6, 6])), 10, { name: 'first' });
  const map = image.conv(image.input([3, 6, 6]), 10, { name: 'map' });
  const whole = two.build(
    two.gemm(two.flatten(two.add(two.input([3, 6, 6], 'x'), two.input([3, 6, 6], 'y'))), 10),
  );
  const rows = cells.transpose(cells.op('Flatten', [cells.input([3, 6, 6])], { axis: 3 }), [1, 0]);

  it.each<[string, Network, Dataset, 'model' | 'dataset', string]>([
    [
      'another size',
      tinyResNet(),
      tinyDataset({ image: { width: 7, height: 6, channels: 3 } }),
      'dataset',
      'network "tiny-resnet" takes images of 3x6x6 (channels, height, width), and those of tiny are 3x6x7: give the network a preprocessing with "size": [6, 6], and they are scaled, or give images of its size',
    ],
    [
      'another number of classes',
      tinyResNet(),
      tinyDataset({ classes: letters('abc') }),
      'dataset',
      'network "tiny-resnet" has 10 classes, tiny has 3: give a data set with the network\'s classes',
    ],
    [
      'its own preprocessing',
      { ...tinyResNet({ channels: 1 }), metadata: tinyMetadata() },
      tinyDataset(),
      'model',
      'network "tiny-resnet" takes images of 1x6x6 (channels, height, width), and its own preprocessing makes 3x6x6: give it one with "size": [6, 6], "channels": "gray"',
    ],
    [
      'channels that no image has',
      tinyResNet({ channels: 2 }),
      tinyDataset(),
      'model',
      'network "tiny-resnet" has the input "input" [batch, 2, 6, 6] of 2 channels, and images have 1 (grey) or 3 (colour): give a network for such images',
    ],
    [
      'an input that is no image',
      on([12]),
      tinyDataset(),
      'model',
      'network "odd" has the input "pixels" [batch, 12], which is not an image: export it with an input [batch, channels, height, width]',
    ],
    [
      'an input of whole numbers beside the images',
      {
        ...whole,
        inputs: whole.inputs.map((input, i) => (i === 1 ? { ...input, type: 'int64' } : input)),
      },
      tinyDataset(),
      'model',
      'network "two" has the input "y" of type int64 beside its images, and only float32 states start at zero: set it to a number (--set y=1)',
    ],
    [
      'an output for each pixel',
      image.build(map),
      tinyDataset(),
      'model',
      'network "image" has the output "map" [batch, 10, 6, 6], and only class scores can be right or wrong: export it with one output [batch, classes]',
    ],
    [
      'two outputs',
      scores.build(head, 'input'),
      tinyDataset(),
      'model',
      'network "scores" has the outputs "first" [batch, 10], "input" [batch, 3, 6, 6], and only',
    ],
    [
      'a row for each line of pixels, whatever batch was tried',
      cells.build(rows),
      tinyDataset(),
      'model',
      'network "cells" has the output "transpose1" [6, 18*batch], and only',
    ],
  ])('refuses %s in one line that says what to do', (_what, network, dataset, field, says) => {
    const refused = refusalOf(network, dataset);
    expect(refused.message).toContain(says);
    expect(refused.message).not.toContain('\n');
    expect(refused.field).toBe(field);
  });
});

function refusalOf(network: Network, dataset: Dataset): InputError {
  try {
    checkFits(network, dataset);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error(`${network.name} is not refused`);
}

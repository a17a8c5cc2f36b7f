import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { NetworkBuilder } from '../../../network/test/builder.ts';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import { labelMapping } from './class-names.ts';
import { checkFits, outputKind, preprocessingFor } from './fits.ts';

const letters = (text: string) => text.split('');

describe('labelMapping', () => {
  const dataset = tinyDataset({ classes: letters('abc') });

  it.each([
    ['no names', undefined, [0, 1, 2], 'same'],
    ['the same names', letters('abc'), [0, 1, 2], 'same'],
    ['another case', letters('ABC'), [0, 1, 2], 'same'],
    ['another order', letters('cab'), [1, 2, 0], 'permuted'],
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

describe('checkFits', () => {
  it('lets through what fits', () => {
    expect(() => checkFits(tinyResNet(), tinyDataset())).not.toThrow();
    expect(() => checkFits(tinyResNet(), tinyDataset({ image: null }))).not.toThrow();
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
      /takes images of 1x6x6 .* its preprocessing makes 3x6x6/,
    );
  });

  it.each([
    ['channels that no image has', tinyDataset(), tinyResNet({ channels: 2 })],
    ['another size', tinyDataset({ image: { width: 7, height: 6, channels: 3 } }), tinyResNet()],
    ['another number of classes', tinyDataset({ classes: letters('abc') }), tinyResNet()],
  ])('refuses %s and names both', (_what, dataset, network) => {
    expect(() => checkFits(network, dataset)).toThrow(InputError);
    expect(() => checkFits(network, dataset)).toThrow(/tiny-resnet.*tiny/);
  });

  it('refuses networks without one image and one row of scores', () => {
    const b = new NetworkBuilder('two');
    const two = b.build(b.add(b.input([10], 'x'), b.input([10], 'y')));
    expect(() => checkFits(two, tinyDataset())).toThrow(
      /one input \[batch, channels, height, width\], not x/,
    );
    const image = new NetworkBuilder('image');
    expect(() => checkFits(image.build(image.conv(image.input([3, 6, 6]), 10)), tinyDataset())).toThrow(
      /one output \[batch, classes\], not \[1,10,6,6\]/,
    );
  });
});

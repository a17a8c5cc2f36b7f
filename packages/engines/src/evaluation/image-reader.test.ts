import { describe, expect, it } from 'vitest';
import { tinyDataset } from '../../test/tiny-dataset.ts';
import { tinyMetadata, tinyResNet } from '../../test/tiny-networks.ts';
import { imageReader } from './image-reader.ts';

describe('imageReader', () => {
  it('normalises pixels and maps labels as the network says', async () => {
    const dataset = tinyDataset();
    const metadata = tinyMetadata({ classes: dataset.classes.toReversed() });
    const reader = imageReader({ ...tinyResNet(), metadata }, dataset);
    const { input, labels } = await reader.read('search', [4, 2]);
    expect(input.dims).toEqual([2, 3, 6, 6]);
    const pixels = await dataset.pixels('search', [4, 2], { height: 6, width: 6, channels: 3 });
    // The first pixel's green: second plane here, second byte there.
    expect(input.data[36]).toBeCloseTo(((pixels[1] ?? 0) / 255 - 0.4) / 0.3, 5);
    expect([...labels]).toEqual([4, 2].map((i) => 9 - (dataset.splits.search.labels[i] ?? 0)));
  });

  it('says how the network ends, whatever the metadata says', () => {
    const network = tinyResNet({ softmax: true });
    expect(imageReader(network, tinyDataset())).toMatchObject({
      output: 'probabilities',
      metadata: { output: 'probabilities', classes: tinyDataset().classes },
    });
    expect(imageReader({ ...network, metadata: tinyMetadata() }, tinyDataset()).output).toBe('probabilities');
    expect(imageReader(tinyResNet(), tinyDataset()).metadata.output).toBe('logits');
  });

  it('tells metrics where images lie on the input, and their labels in the order of the network', async () => {
    const base = tinyDataset();
    const shapes = [
      {
        name: 'wide.jpg',
        width: 24,
        height: 12,
        label: [{ class: 0, left: 1, top: 2, width: 3, height: 4 }],
      },
      { name: 'tall.jpg', width: 6, height: 12, label: [0, 2] },
    ];
    const dataset = {
      ...base,
      annotated: { form: 'boxes' as const, classes: ['a', 'b', 'c'] },
      facts: async (_: unknown, indices: ArrayLike<number>) =>
        Array.from(indices, (i) => shapes[i % 2] ?? shapes[0]).flatMap((one) => one ?? []),
    };
    const shownBy = async (more: object) => {
      const plain = tinyMetadata({ classes: ['c', 'b', 'a'] });
      const metadata = { ...plain, input: { ...plain.input, ...more } };
      return (await imageReader({ ...tinyResNet(), metadata }, dataset).readShown('search', [0, 1])).shown;
    };
    const [wide, tall] = (await shownBy({})) ?? [];
    expect(wide).toEqual({
      name: 'wide.jpg',
      label: [{ class: 2, left: 1, top: 2, width: 3, height: 4 }],
      geometry: {
        ...{ width: 24, height: 12, input: { width: 6, height: 6 } },
        ...{ scale: { x: 0.25, y: 0.5 }, offset: { x: 0, y: 0 } },
      },
    });
    expect(tall?.label).toEqual([2, 0]);
    const [boxed] = (await shownBy({ letterbox: [0, 0, 0] })) ?? [];
    // 24 x 12 becomes 6 x 3, with a row above it and two below.
    expect(boxed?.geometry).toMatchObject({ scale: { x: 0.25, y: 0.25 }, offset: { x: 0, y: 1 } });
    const [cropped] = (await shownBy({ resize: 6 })) ?? [];
    // 24 x 12 becomes 12 x 6, of which three columns on both sides are cut off.
    expect(cropped?.geometry).toMatchObject({ scale: { x: 0.5, y: 0.5 }, offset: { x: -3, y: 0 } });
  });
});

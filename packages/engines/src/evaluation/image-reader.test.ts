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
});

import { describe, expect, it, test } from 'vitest';
import { type PublishedResult, publishedResultSchema, shippedResults } from './published.ts';

const good: PublishedResult = {
  ...{ architecture: 'ResNet-56', dataset: 'CIFAR-10', method: 'Ours', title: 'A paper', authors: null },
  ...{ year: 2020, venue: null, url: 'https://example.org/paper', doi: null, unit: 'mac', accounting: null },
  ...{ baseTop1: 0.93, top1: 0.92, baseTop5: null, top5: null, savedMacs: 0.5, savedParams: null, note: '' },
};

describe('shipped results', () => {
  it('are fractions with a source each, under names of their own', () => {
    const all = shippedResults();
    expect(all).toHaveLength(37);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { title, url, doi, venue } of all) {
      expect(title).not.toBe('');
      expect(url ?? doi ?? venue).not.toBe(null);
    }
  });

  it('say what their sources say, and null where those say nothing', () => {
    const byId = new Map(shippedResults().map((result) => [result.id, result]));
    expect(byId.get('pub_shipped_chip-resnet-56-cifar-10-47')).toMatchObject({
      ...{ baseTop1: 0.9326, top1: 0.9416, savedMacs: 0.474, savedParams: 0.428, unit: 'mac', year: 2021 },
    });
    // Its abstract gives losses without accuracies, FLOPs without what one is, and for VGG-19 no data set.
    expect(byId.get('pub_shipped_cie-vgg-19-96')).toMatchObject({
      ...{ dataset: null, top1: null, baseTop1: null, savedMacs: null, unit: null },
    });
    // 27.23 times fewer.
    expect(1 / (1 - (byId.get('pub_shipped_cie-vgg-19-96')?.savedParams ?? 0))).toBeCloseTo(27.23, 1);
  });
});

describe('a result', () => {
  it('is taken with spaces around its words gone', () => {
    expect(publishedResultSchema.parse({ ...good, method: ' Ours ' })).toEqual(good);
  });

  test.each<[keyof PublishedResult, Partial<PublishedResult>, RegExp]>([
    ['method', { method: ' ' }, /give it/],
    ['top1', { top1: 92 }, /not per cent/],
    ['savedMacs', { savedMacs: null }, /MACs or of params/],
    ['url', { url: null }, /give a reference/],
    ['url', { url: 'javascript:alert(1)' }, /https/],
    ['doi', { doi: 'https://doi.org/10.1/x' }, /10\.1000/],
    ['top5', { top5: 0.5 }, /at least top-1/],
    ['year', { year: 20 }, /1950/],
  ])('is refused for its %s: %j', (field, edits, says) => {
    const { error } = publishedResultSchema.safeParse({ ...good, ...edits });
    expect(error?.issues.map(({ path: [first] }) => first)).toEqual([field]);
    expect(error?.issues[0]?.message).toMatch(says);
  });
});

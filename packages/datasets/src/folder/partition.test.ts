import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import { SPLIT_NAMES } from '../dataset.ts';
import type { Layout } from './layout.ts';
import { type Partition, partition } from './partition.ts';

function files(prefix: string, n: number): string[] {
  return Array.from({ length: n }, (_, i) => `${prefix}/${i}.png`);
}

function sizes(splits: Partition, label: number): number[] {
  return SPLIT_NAMES.map((name) => splits[name].filter((entry) => entry.label === label).length);
}

function pool(...counts: number[]): Layout {
  const classes = counts.map((_, i) => `class${i}`);
  const train = counts.map((n, i) => files(`class${i}`, n));
  return { classes, train, search: null, test: null, held: null };
}

describe('partition', () => {
  it('takes a tenth of each class for test and a tenth of the rest for search', () => {
    const splits = partition(pool(100, 1000, 3), 'photos');
    expect(sizes(splits, 0)).toEqual([81, 9, 10]);
    expect(sizes(splits, 1)).toEqual([810, 90, 100]);
    expect(sizes(splits, 2)).toEqual([1, 1, 1]);
  });

  it('uses every image once, and keeps their order', () => {
    const splits = partition(pool(40, 25), 'photos');
    const used = SPLIT_NAMES.flatMap((name) => splits[name].map((entry) => entry.path));
    expect(used).toHaveLength(65);
    expect(new Set(used)).toEqual(new Set([...files('class0', 40), ...files('class1', 25)]));
    const numbers = splits.train
      .filter((e) => e.label === 0)
      .map((e) => Number(/\d+(?=\.)/.exec(e.path)?.[0]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('draws the same images every time, and not the same places in every class', () => {
    const paths = (label: number) =>
      partition(pool(50, 50), 'photos')
        .test.filter((entry) => entry.label === label)
        .map((entry) => entry.path.split('/')[1]);
    expect(paths(0)).toEqual(['2.png', '19.png', '26.png', '35.png', '44.png']);
    expect(paths(0)).not.toEqual(paths(1));
  });

  it('leaves a given test split alone and holds search out of train', () => {
    const layout: Layout = {
      classes: ['a', 'b'],
      train: [files('train/a', 20), files('train/b', 30)],
      search: null,
      held: null,
      test: [files('test/a', 1), files('test/b', 2)],
    };
    const splits = partition(layout, 'photos');
    expect(sizes(splits, 0)).toEqual([18, 2, 1]);
    expect(sizes(splits, 1)).toEqual([27, 3, 2]);
    expect(splits.search.every(({ path }) => path.startsWith('train/'))).toBe(true);
    const given = partition({ ...layout, search: [files('val/a', 4), files('val/b', 5)] }, 'photos');
    expect(sizes(given, 0)).toEqual([20, 4, 1]);
    expect(given.search.every(({ path }) => path.startsWith('val/'))).toBe(true);
  });

  it('holds test out of train where search is given', () => {
    const layout = { ...pool(20, 30), search: [files('val/a', 4), files('val/b', 5)] };
    const splits = partition(layout, 'photos');
    expect([sizes(splits, 0), sizes(splits, 1)]).toEqual([
      [18, 4, 2],
      [27, 5, 3],
    ]);
  });

  it('gives half of what is held to search and half to test', () => {
    const splits = partition({ ...pool(20, 30, 6), held: [files('v/a', 4), files('v/b', 5), []] }, 'photos');
    expect([0, 1, 2].map((label) => sizes(splits, label))).toEqual([
      [20, 2, 2],
      [30, 2, 3],
      [6, 0, 0],
    ]);
    const held = [...splits.search, ...splits.test].map(({ path }) => path);
    expect(new Set(held)).toEqual(new Set([...files('v/a', 4), ...files('v/b', 5)]));
  });

  it('names a class with too few images', () => {
    expect(() => partition(pool(9, 2), 'photos')).toThrow(
      new InputError(
        "class 'class1' in photos has 2 images, at least 3 are needed to divide them into train, search and test",
      ),
    );
    const layout: Layout = {
      classes: ['a'],
      train: [['a/1.png']],
      search: null,
      held: null,
      test: [['a/2.png']],
    };
    expect(() => partition(layout, 'photos')).toThrow(
      'at least 2 are needed to divide them into train and search',
    );
  });
});

import { parseRecipe } from '@espalier/engines';
import { describe, expect, it } from 'vitest';
import { itemName, itemsOf, replicates } from './items.ts';
import { conditions } from './markdown.ts';
import { parseBenchmark, strategyName } from './spec.ts';

const section = {
  title: 'As cut',
  repair: 0,
  strategies: ['cie:l1', 'uniform', 'uniform:random'],
  targets: ['macs=0.3', 'params=0.5'],
};
const file = {
  name: 'mine',
  dataset: 'cifar10',
  models: [{ name: 'net', file: 'net.onnx' }],
  sections: [section],
};

describe('a benchmark', () => {
  it('has its defaults filled in', () => {
    const { grid, sections } = parseBenchmark(file);
    expect(grid).toHaveLength(9);
    expect(sections[0]).toMatchObject({
      strategies: [
        { allocation: 'cie', criterion: 'l1' },
        { allocation: 'uniform', criterion: 'l1' },
        { allocation: 'uniform', criterion: 'random' },
      ],
      targets: [
        { metric: 'macs', share: 0.3 },
        { metric: 'params', share: 0.5 },
      ],
      ...{ seeds: [0], samples: 1000, disjointSamples: false, recipe: null, recalibrate: null, repair: 0 },
    });
  });

  it('takes manual shares for an allocation', () => {
    const [strategy] = parseBenchmark(
      sections({ strategies: ['manual(a:0=0.5; b=.2):l1:max'] }),
    ).sections.flatMap(({ strategies }) => strategies);
    expect(strategy).toEqual({ allocation: 'manual(a:0=0.5;b=0.2)', criterion: 'l1:max' });
  });

  it('takes targets of latency, and the device that they are of', () => {
    const targets = ['latency=0.5', 'latency=2.5ms'];
    const [timed] = parseBenchmark(sections({ targets, device: ' Board ' })).sections;
    expect(timed?.targets).toEqual([
      { metric: 'latency', share: 0.5 },
      { metric: 'latency', ms: 2.5 },
    ]);
    expect(timed?.device).toBe('Board');
    expect(timed && conditions(timed)).toMatch(
      /; times predicted by the profile of the device Board; seeds 0\.$/,
    );
    expect(parseBenchmark(file).sections[0]?.device).toBeNull();
  });

  it.each([
    ['1,000', {}, Number.POSITIVE_INFINITY, 1000],
    ['what there is', {}, 321, 321],
    ['what was asked for', { samples: 500 }, 321, 500],
    ['blocks for each seed', { disjointSamples: true, seeds: [0, 1] }, 700, 300],
  ])('samples on %s', (_, changes, searchImages, expected) => {
    const { sections: parsed } = parseBenchmark(sections(changes), 'benchmark', {
      search: searchImages,
      train: 1000,
    });
    expect(parsed[0]?.samples).toBe(expected);
  });

  it.each([
    ['2,000 images', {}, Number.POSITIVE_INFINITY, 2000],
    ['what there is', {}, 700, 700],
    ['what was asked for', { repair: 500 }, 700, 500],
    ['none', { repair: 0 }, 700, 0],
    ['none of a single image', {}, 1, 0],
    ['none where BatchNorm is recalibrated', { recalibrate: 100 }, 700, 0],
  ])('repairs by %s', (_, changes, train, expected) => {
    const images = { search: 1000, train };
    const { sections: parsed } = parseBenchmark(sections({ repair: null, ...changes }), 'benchmark', images);
    expect(parsed[0]?.repair).toBe(expected);
  });

  it.each([
    [
      'a repair by one image',
      sections({ repair: 1 }),
      /section "As cut": a repair holds out some of its images/,
    ],
    [
      'a repair beside a recalibration',
      sections({ repair: 100, recalibrate: 100 }),
      /section "As cut": give either repair or recalibrate/,
    ],
    ['a field that there is not', { ...file, model: 'x' }, /benchmark: .*"model"/],
    ['no section', { ...file, sections: [] }, /sections/],
    ['a device without a name', sections({ device: ' ' }), /device/],
    [
      'an unknown allocation',
      sections({ strategies: ['best:l1'] }),
      /section "As cut": there is no allocation "best"/,
    ],
    [
      'an unknown criterion',
      sections({ strategies: ['cie:l7'] }),
      /section "As cut": there is no criterion "l7"/,
    ],
    ['no target', sections({ targets: ['half'] }), /section "As cut": "half" is not a target/],
    ['a strategy twice', sections({ strategies: ['cie:l1', 'cie:l1'] }), /"cie:l1" is there twice/],
    [
      'an unknown recipe',
      sections({ recipe: 'fast' }),
      /section "As cut": recipe: give quick, standard or long/,
    ],
    ['a bad recipe', sections({ recipe: { epoch: 3 } }), /section "As cut": recipe: .*"epoch"/],
    ['a bad grid', { ...file, grid: '0.9:0.1' }, /benchmark: grid/],
    [
      'uneven disjoint samples',
      sections({ samples: 150, disjointSamples: true }),
      /a multiple of 100 images, not 150/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(() => parseBenchmark(value)).toThrow(message);
  });
});

function sections(changes: object) {
  return { ...file, sections: [{ ...section, ...changes }] };
}

describe('a benchmark too large', () => {
  const many = (count: number, name: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => name(i));

  it('has its runs counted, not built: three short lists are more than fit into memory', () => {
    const targets = many(2000, (i) => `macs=0.${i + 1}`);
    const seeds = Array.from({ length: 20_000 }, (_, i) => i);
    const large = { ...section, strategies: ['uniform:random', 'global:random'], targets, seeds };
    expect(() => parseBenchmark({ ...file, sections: [large] })).toThrow(
      'at most 100000 runs, these are 80000000',
    );
  });

  it('is told of what is there twice in one pass', () => {
    const seeds = [...Array.from({ length: 300_000 }, (_, i) => i), 7];
    expect(() => parseBenchmark({ ...file, sections: [{ ...section, seeds }] })).toThrow(/at most 100000/);
    const twice = [...Array.from({ length: 10_000 }, (_, i) => i), 7];
    const once = { ...section, strategies: ['uniform:random'], targets: ['macs=0.5'] };
    expect(() => parseBenchmark({ ...file, sections: [{ ...once, seeds: twice }] })).toThrow(
      /seeds: "7" is there twice/,
    );
  });
});

describe('its items', () => {
  it('are each strategy with each target and, where chance plays a part, each seed', () => {
    const benchmark = parseBenchmark(sections({ seeds: [0, 1, 2], samples: 200, disjointSamples: true }));
    const items = itemsOf(benchmark);
    // cie by three samples, uniform once, random units thrice; two targets.
    expect(items).toHaveLength((3 + 1 + 3) * 2);
    expect(new Set(items.map(itemName)).size).toBe(items.length);
    const skips = items.flatMap(({ sampling, target }) =>
      sampling && target.metric === 'macs' ? [sampling.skip] : [],
    );
    expect(skips).toEqual([0, 200, 400]);
  });

  it('are drawn with every seed where the images of a criterion are, unless a sampling has ranked', () => {
    const strategies = ['uniform:taylor', 'global:hrank:max', 'random', 'cie-iterative:taylor', 'cie:taylor'];
    const items = itemsOf(parseBenchmark(sections({ strategies, targets: ['macs=0.5'], seeds: [0, 1, 2] })));
    const seedsOf = (name: string) =>
      items.filter(({ strategy }) => strategyName(strategy) === name).map(({ seed }) => seed);
    expect(seedsOf('cie:taylor')).toEqual([0, 1, 2]);
    for (const drawn of ['uniform:taylor', 'global:hrank:max', 'random:l1', 'cie-iterative:taylor']) {
      expect(seedsOf(drawn)).toEqual([0, 1, 2]);
    }
  });

  it('are repaired with every seed, and told apart from those that are not', () => {
    const both = [section, { ...section, title: 'Repaired', repair: 300 }];
    const given = both.map((each) => ({ ...each, strategies: ['uniform'], seeds: [0, 1, 2] }));
    const items = itemsOf(parseBenchmark({ ...file, sections: given }));
    expect(items.map(({ repair }) => repair)).toEqual([0, 0, ...Array(6).fill(300)]);
    expect(new Set(items.map(itemName)).size).toBe(items.length);
    expect(itemName(items.at(-1) ?? ({} as never))).toMatch(/seed 2, repaired by 300$/);
  });

  it('are trained with every seed', () => {
    const named = parseBenchmark(sections({ recipe: 'quick' }));
    expect(named.sections[0]?.recipe).toEqual(parseRecipe('quick'));
    const benchmark = parseBenchmark(sections({ seeds: [3, 4], recipe: { steps: 10 } }));
    expect(itemsOf(benchmark)).toHaveLength(3 * 2 * 2);
    const [only] = benchmark.sections;
    if (!only) throw new Error('there is a section');
    const [cie, uniform] = only.strategies;
    const [target] = only.targets;
    if (!cie || !uniform || !target) throw new Error('there are strategies and targets');
    expect(replicates(only, 'net', cie, target).map(({ sampling, seed }) => [sampling?.skip, seed])).toEqual([
      [0, 3],
      [0, 4],
    ]);
    expect(replicates(only, 'net', uniform, target).map(({ sampling }) => sampling)).toEqual([null, null]);
  });

  it('that sections share are computed once', () => {
    const twice = { ...file, sections: [section, { ...section, title: 'Again' }] };
    expect(itemsOf(parseBenchmark(twice))).toHaveLength(itemsOf(parseBenchmark(file)).length);
  });
});

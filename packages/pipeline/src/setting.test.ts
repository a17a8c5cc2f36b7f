import { parseRecipe } from '@espalier/engines';
import { describe, expect, it, test } from 'vitest';
import { type Setting, settingKey } from './keys.ts';
import { conditionWords, strategyWords } from './setting-words.ts';

const limits: Setting['limits'] = { align: 'auto', minWidth: 1, maxRatio: 0.9, keep: [] };
const recovery = parseRecipe({ epochs: 1 });
const setting = (edits: Partial<Setting> = {}): Setting => ({
  ...{ allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.5 }, limits },
  ...{ rounds: null, recovery: null, recalibrate: null, recipe: null, teacher: null },
  ...edits,
});

/** Each differs from the plain setting, and from all others, in one thing; with what people read of it; # for a hash. */
const OTHERS: readonly (readonly [edits: Partial<Setting>, words: string])[] = [
  [{ allocation: 'uniform' }, 'uniform · l1'],
  [{ criterion: 'l1:max' }, 'cie · l1:max'],
  [{ limits: { ...limits, align: 8 } }, 'cie · l1 · widths of 8'],
  [{ limits: { ...limits, align: 1 } }, 'cie · l1 · any widths'],
  [{ limits: { ...limits, minWidth: 4 } }, 'cie · l1 · at least 4 wide'],
  [{ limits: { ...limits, maxRatio: 0.5 } }, 'cie · l1 · at most 50 %'],
  [{ limits: { ...limits, keep: ['conv1'] } }, 'cie · l1 · conv1 whole'],
  [{ limits: { ...limits, keep: ['conv2', 'conv1'] } }, 'cie · l1 · conv1 and conv2 whole'],
  [{ limits: { ...limits, keep: ['a', 'b', 'c'] } }, 'cie · l1 · 3 groups (#) whole'],
  [{ limits: { ...limits, keep: ['a', 'b', 'd'] } }, 'cie · l1 · 3 groups (#) whole'],
  [{ rounds: 4 }, 'cie · l1 · 4 rounds'],
  [{ rounds: 1 }, 'cie · l1 · 1 round'],
  [{ rounds: 4, recovery }, 'cie · l1 · 4 rounds, recovered by #'],
  [{ rounds: 4, recovery: { ...recovery, epochs: 2 } }, 'cie · l1 · 4 rounds, recovered by #'],
  [{ allocation: 'cie-iterative', rounds: 3 }, 'cie-iterative · l1'],
  [{ allocation: 'cie-iterative', rounds: 5 }, 'cie-iterative · l1 · 5 rounds'],
  [{ recalibrate: 1500 }, 'cie · l1, BatchNorm recalibrated on 1,500 images'],
  [{ repair: 2000 }, 'cie · l1, repaired with 2,000 images'],
  [{ repair: 500 }, 'cie · l1, repaired with 500 images'],
  [{ sampling: { metric: 'fidelity', weights: {} } }, 'cie · l1, judged by output error'],
  [{ sampling: { metric: 'kl', weights: {} } }, 'cie · l1, judged by KL divergence'],
  [
    { sampling: { metric: 'fidelity', weights: { map: 3, head: 0 } } },
    'cie · l1, judged by output error (weights head 0, map 3)',
  ],
  [{ recipe: 'abcdef0123' }, 'cie · l1, recipe abcdef0'],
  [{ teacher: '0123456789' }, 'cie · l1, teacher 0123456'],
];

describe('settingKey', () => {
  test.each(OTHERS)('sees %o', (edits) => {
    expect(settingKey(setting(edits))).not.toBe(settingKey(setting()));
  });

  it('is another one for each, and for each target', () => {
    const targets = [
      null,
      { metric: 'macs', share: 0.5 },
      { metric: 'params', share: 0.5 },
      { metric: 'macs', share: 0.4 },
    ] as const;
    const all = [{}, ...OTHERS.map(([edits]) => edits)].flatMap((edits) =>
      targets.map((target) => settingKey(setting({ ...edits, target }))),
    );
    expect(new Set(all).size).toBe((OTHERS.length + 1) * targets.length);
  });

  it('is that of no repair where nothing was repaired', () => {
    expect(settingKey(setting({ repair: 0 }))).toBe(settingKey(setting()));
  });

  it('is that of before for runs of before, whose widths were as they fell', () => {
    expect(settingKey(setting({ limits: { ...limits, align: 1 } }))).toBe(
      'ff74589c9fa6d7aa0c45003a9c235e6efea32f15a2adfd39f6a180555126a9a9',
    );
  });

  it('is the same before and after the widths were put down', () => {
    const widths = [{ group: 'conv1', widths: [16, 12, 8, 4] }];
    expect(settingKey(setting({ limits: { ...limits, widths } }))).toBe(settingKey(setting()));
  });

  it('is that of before there was a metric to choose where it is top-1', () => {
    expect(settingKey(setting({ limits: { ...limits, align: 1 } }))).toBe(
      'ff74589c9fa6d7aa0c45003a9c235e6efea32f15a2adfd39f6a180555126a9a9',
    );
    for (const metric of ['top1', null] as const) {
      expect(settingKey(setting({ sampling: { metric, weights: {} } }))).toBe(settingKey(setting()));
    }
  });

  it('does not depend on the order of the groups, of keys, or on anything else', () => {
    const one = setting({ limits: { ...limits, keep: ['a', 'b'] }, recovery });
    const turned = Object.fromEntries(
      Object.entries({
        ...one,
        limits: { keep: ['b', 'a'], maxRatio: 0.9, minWidth: 1, align: 'auto' },
        recovery: Object.fromEntries(Object.entries(recovery).reverse()),
        target: { share: 0.5, metric: 'macs' },
        seed: 7,
      }).reverse(),
    ) as unknown as Setting;
    expect(settingKey(turned)).toBe(settingKey(one));
  });
});

describe('the words for a setting', () => {
  const wordsOf = (each: Setting) => [strategyWords(each), ...conditionWords(each)].join(', ');

  test.each(OTHERS)('%o', (edits, words) => {
    const [start = '', end] = words.split('#');
    const told = wordsOf(setting(edits));
    if (end === undefined) return expect(told).toBe(words);
    expect(told.startsWith(start) && told.endsWith(end)).toBe(true);
    expect(told.slice(start.length, told.length - end.length)).toMatch(/^[0-9a-f]{7}$/);
  });

  it('are few for what is as usual, and other ones for each other setting', () => {
    expect(wordsOf(setting())).toBe('cie · l1');
    expect(new Set(OTHERS.map(([edits]) => wordsOf(setting(edits)))).size).toBe(OTHERS.length);
  });

  it('cut manual shares off where there are many', () => {
    const named = (allocation: string) => strategyWords(setting({ allocation }));
    expect(named('manual(*=0.5)')).toBe('manual(*=0.5) · l1');
    const many = Array.from({ length: 20 }, (_, i) => `layer${i}=0.5`).join(';');
    expect(named(`manual(${many})`)).toMatch(/^manual\(layer0=0\.5;layer1=0…\) [0-9a-f]{7} · l1$/);
    expect(named(`manual(${many})`)).not.toBe(named(`manual(${many};layer20=0.5)`));
  });
});

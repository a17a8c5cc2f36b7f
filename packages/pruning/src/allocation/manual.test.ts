import { InputError } from '@espalier/errors';
import { describe, expect, test } from 'vitest';
import { architectures } from '../../../../test/generate/architectures.ts';
import { ranked } from '../../test/ranked.ts';
import { findAllocation } from './index.ts';
import { manualTarget } from './manual.ts';
import { type AllocationProblem, type WidthLimits, widthLadder } from './problem.ts';

const network = architectures['resnet20-cifar']?.();
if (!network) throw new Error('there is no architecture resnet20-cifar');
const { rankings, cost } = ranked(network);
const [first = '', second = '', third = ''] = rankings.map(({ group }) => group.id);
const widthsBefore = rankings.map(({ group }) => group.width);

function problem(share: number, limits: WidthLimits = {}): AllocationProblem {
  const ladders = rankings.map(({ group }) => widthLadder(group.width, group.id, limits));
  return { rankings, cost, target: { metric: 'macs', share }, ladders };
}

/** Widths of shares as they are: allocated for the target that they come to. */
function asGiven(name: string, limits: WidthLimits = {}): readonly number[] {
  const target = manualTarget(name, { rankings, cost, limits }, 'macs');
  if (!target) throw new Error('not by hand');
  return findAllocation(name).allocate({ ...problem(target.share, limits), target }).widths;
}

test('removes the shares as they are where no target scales them; what nothing names stays whole', () => {
  const widths = asGiven(`manual(${second}=0.5;${third}=0.25)`);
  expect(widths).toEqual(widthsBefore.map((width, g) => [width, width * 0.5, width * 0.75][g] ?? width));
});

test('of the patterns that name a group the last one counts', () => {
  const widths = asGiven(`manual(*=0.5;${first}=0.25;${second}=0)`);
  expect(widths).toEqual(
    widthsBefore.map((width, g) => [width * 0.75, width][g] ?? width - Math.floor(width / 2)),
  );
});

test('scales all shares by one factor to meet a target, below and above what they come to', () => {
  const name = `manual(*=0.2;${first}=0.1)`;
  for (const share of [0.1, 0.5]) {
    const { widths, achieved } = findAllocation(name).allocate(problem(share));
    expect(achieved.macs).toBeGreaterThanOrEqual(share);
    expect(achieved.macs).toBeLessThan(share + 0.05);
    const [of = 0, ...others] = widths.map((width, g) => 1 - width / (widthsBefore[g] ?? 1));
    expect(of).toBeLessThanOrEqual(Math.min(...others) / 2 + 1 / 16);
  }
});

test('its name is the same however it was written', () => {
  expect(findAllocation('manual( a =0.50; b*= 0.1 )').name).toBe('manual(a=0.5;b*=0.1)');
});

describe('refuses', () => {
  test.each([
    ['manual', 'manual(GROUP=SHARE;...)'],
    ['manual()', 'manual(GROUP=SHARE;...)'],
    ['manual(a)', '"a" in manual'],
    ['manual(a=)', '"a="'],
    ['manual(a=1)', 'from 0 to below 1'],
    ['manual(a=-0.1)', 'from 0 to below 1'],
    ['manual(a=0.5;)', 'give a group'],
    [`manual(${'a'.repeat(5000)}=0.5)`, 'at most 4000 characters'],
    ['manually', 'there is no allocation "manually"'],
  ])('%s', (name, says) => {
    expect(() => findAllocation(name)).toThrow(InputError);
    expect(() => findAllocation(name)).toThrow(says);
  });

  test('a pattern that names nothing; a dot is a dot', () => {
    expect(() => asGiven('manual(nowhere*=0.5)')).toThrow('"nowhere*" matches no prunable group');
    expect(() => findAllocation('manual(*.=0.5)').allocate(problem(0.1))).toThrow(
      'matches no prunable group',
    );
  });

  test('shares that the limits do not allow, or that remove nothing', () => {
    expect(() => asGiven(`manual(${second}=0.8)`, { maxRatio: 0.5 })).toThrow(
      'must keep at least 8 of 16 units',
    );
    expect(() => asGiven(`manual(${second}=0.8)`, { keep: [second] })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/limits on widths/), field: 'allocation' }),
    );
    expect(() => asGiven('manual(*=0)')).toThrow('removes nothing');
  });

  test('a target that its groups cannot meet', () => {
    expect(() => findAllocation(`manual(${second}=0.5)`).allocate(problem(0.6))).toThrow('cannot be reached');
  });
});

/** Groups of other names, that somebody may have thought of. */
function renamed(names: readonly string[], pattern: string): readonly number[] {
  const others = rankings.map((ranking, g) => ({
    ...ranking,
    group: { ...ranking.group, id: names[g] ?? `other${g}` },
  }));
  const ladders = others.map(({ group }) => widthLadder(group.width, group.id, {}));
  const { widths } = findAllocation(`manual(${pattern}=0.5)`).allocate({
    ...problem(0.01),
    rankings: others,
    ladders,
  });
  return names.flatMap((_, g) => (widths[g] === widthsBefore[g] ? [] : [g]));
}

test.each([
  ['a*a', [1, 2, 4]],
  ['*a', [0, 1, 2, 3, 4]],
  ['ab*ba', [4]],
  ['*.conv*', [5]],
  ['**a**b*', [2, 4]],
])('%s names what a star for any text, also none, makes of it', (pattern, named) => {
  expect(renamed(['a', 'aa', 'aba', 'ba', 'abba', 'x.conv1', 'conv'], pattern)).toEqual(named);
});

test('a pattern of many stars on a long name ends at once', () => {
  expect(() => renamed(['a'.repeat(5000)], `${'*a'.repeat(100)}*b`)).toThrow(InputError);
});

import { describe, expect, test } from 'vitest';
import { topologies } from '../../test/topologies/index.ts';
import { channelMap } from './index.ts';

describe('channel groups of', () => {
  test.each(topologies.map((topology) => [topology.name, topology] as const))('%s', (_, topology) => {
    const { groups } = channelMap(topology.network());
    expect(groups.map(({ firstUnit: _, inexact: __, ...group }) => group)).toEqual(topology.groups);
  });
});

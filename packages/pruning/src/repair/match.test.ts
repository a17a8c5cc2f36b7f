import { seededRandom } from '@espalier/datasets';
import {
  buildArchitecture,
  channelMap,
  cutNetwork,
  floatTensor,
  type KeptUnits,
  prunableGroups,
} from '@espalier/network';
import { describe, expect, it } from 'vitest';
import { structureOf } from './match.ts';

describe('structureOf', () => {
  const built = (name: string, seed = 1) =>
    buildArchitecture(name, {
      classes: 4,
      input: { channels: 3, height: 16, width: 16 },
      random: seededRandom(seed),
    });

  it.each(['resnet20', 'mobilenetv2'])('finds what is left of %s', (name) => {
    const base = built(name);
    const map = channelMap(base);
    const random = seededRandom(3);
    const structure = prunableGroups(map).map(({ id, width }): KeptUnits => {
      const kept = Array.from({ length: width }, (_, unit) => unit).filter(() => random() < 0.7);
      return { group: id, kept: kept.length > 0 ? kept : [0] };
    });
    const { network: cut } = cutNetwork(base, map, structure);
    const found = new Map(structureOf(base, map, cut).map(({ group, kept }) => [group, kept]));
    for (const { group, kept } of structure) expect(found.get(group)).toEqual(kept);
  });

  it('refuses what was trained since, and what was cut out of another network', () => {
    const base = built('resnet20');
    const map = channelMap(base);
    const [first] = prunableGroups(map);
    const { network: cut } = cutNetwork(base, map, [{ group: first?.id ?? '', kept: [0, 3, 5] }]);
    const trained = new Map(cut.constants);
    const [name, tensor] = [...trained].find(([, { dims }]) => dims.length === 1) ?? [];
    trained.set(
      name ?? '',
      floatTensor(tensor?.dims ?? [], new Float32Array(tensor?.data.length ?? 0).fill(0.5)),
    );
    expect(() => structureOf(base, map, { ...cut, constants: trained })).toThrow('it has other weights');
    expect(() => structureOf(built('resnet20', 2), map, cut)).toThrow('are not among those of the base');
  });
});

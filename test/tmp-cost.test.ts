import { channelMap, cutNetwork, layerCosts, networkCost } from '@espalier/network';
import { test } from 'vitest';
import { architectures } from './generate/architectures.ts';

test('c', () => {
  for (const [name, build] of Object.entries(architectures)) {
    const t0 = performance.now();
    const n = build();
    const t1 = performance.now();
    const map = channelMap(n);
    const t2 = performance.now();
    const l = layerCosts(n);
    const c = networkCost(n);
    const t3 = performance.now();
    const s = map.groups
      .filter((g) => g.prunable)
      .map((g) => ({ group: g.id, kept: Array.from({ length: Math.ceil(g.width / 2) }, (_, i) => 2 * i) }));
    let t4 = 0;
    try {
      cutNetwork(n, map, s);
      t4 = performance.now() - t3;
    } catch (e) {
      console.log(name, e instanceof Error ? e.message : e);
    }
    console.log(
      name.padEnd(20),
      c.params,
      c.macs,
      l.filter((x) => x.op === 'Conv').reduce((a, x) => a + x.macs, 0),
      `build ${(t1 - t0).toFixed(0)} map ${(t2 - t1).toFixed(0)} cost ${(t3 - t2).toFixed(0)} cut ${t4.toFixed(0)}`,
      map.groups.length,
      map.groups.filter((g) => g.prunable).length,
    );
  }
}, 100000);

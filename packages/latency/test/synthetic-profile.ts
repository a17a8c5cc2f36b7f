import type { Engine } from '@espalier/engines';
import { type Network, networkHash } from '@espalier/network';
import { conditionsOf } from '../src/conditions.ts';
import { layersHash } from '../src/identity.ts';
import { timedLayers } from '../src/layers.ts';
import { predictMs } from '../src/predict.ts';
import type { DeviceProfile } from '../src/profile.ts';

/** A profile as if a network had been measured: time in blocks of channels, of every kind of layer alike. */
export function syntheticProfile(
  network: Network,
  engine: Pick<Engine, 'name' | 'version' | 'description' | 'threads'>,
  changes: Partial<DeviceProfile> = {},
): DeviceProfile {
  const names = [...new Set(timedLayers(network).layers.map(({ kind }) => kind))];
  const kinds = names.map((kind) => ({
    ...{ kind, samples: 10, steps: { inputs: 1, outputs: 2 } },
    milliseconds: [0.001, 0.0005, 0.001, 0.0002] as [number, number, number, number],
  }));
  const named = { name: network.name, hash: networkHash(network), layers: layersHash(network) };
  const baseMs = predictMs({ overheadMs: 0.01, kinds, network: named }, network);
  return {
    ...{ format: 'espalier-profile', version: 1, network: named },
    ...conditionsOf(engine, 1, 'bench'),
    measuredAt: '2026-01-01T00:00:00.000Z',
    ...{ baseMs, smallestMs: baseMs / 3, overheadMs: 0.01, kinds, structures: 24 },
    error: { median: 0.02, worst: 0.05, structures: [{ predictedMs: baseMs, measuredMs: baseMs }] },
    check: { ratio: 1, low: 0.99, high: 1.01 },
    ...changes,
  };
}

import { type Network, networkHash } from '@espalier/network';
import type { DeviceProfile } from '../src/index.ts';
import { timedLayers } from '../src/layers.ts';

/** A profile of a device whose times are a formula: nothing is measured. */
export function madeProfile(network: Network, over: Partial<DeviceProfile> = {}): DeviceProfile {
  const kinds = [...new Set(timedLayers(network).layers.map(({ kind }) => kind))];
  return {
    ...{ format: 'espalier-profile', version: 2 },
    network: { name: network.name, hash: networkHash(network) },
    ...{ device: 'made', cpu: 'Made Processor', cores: 4, memory: 8e9, platform: 'linux arm64' },
    engine: { name: 'onnxruntime', version: '1.0.0', description: 'ONNX Runtime 1.0.0, 1 thread' },
    ...{ threads: 1, batch: 1, measuredAt: '2026-11-01T10:00:00.000Z' },
    ...{ baseMs: 4, smallestMs: 1, overheadMs: 0.1, structures: 24 },
    kinds: kinds.map((kind) => ({
      kind,
      steps: { inputs: 4, outputs: 8 },
      milliseconds: [0.01, 0.0001, 0.0002, 0.00005],
      samples: 24,
    })),
    error: {
      ...{ median: 0.02, worst: 0.05 },
      structures: Array.from({ length: 10 }, (_, i) => ({
        predictedMs: 1 + i * 0.3,
        measuredMs: 1 + i * 0.31,
      })),
    },
    check: { ratio: 1, low: 0.99, high: 1.01 },
    ...over,
  };
}

import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type ArchitectureOptions, scaler } from './options.ts';

const repeats = [4, 8, 4];

function stem(b: NetworkBuilder, size: number, out: number): string {
  return b.pool('MaxPool', b.convBnRelu(b.input([3, size, size]), out, { stride: 2 }), 3, 2, 1);
}

/** Zhang, Zhou, Lin, Sun, "ShuffleNet", CVPR 2018, table 1: three conv-groups. */
export function shuffleNetV1({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const group = 3;
  const b = new NetworkBuilder('shufflenet-v1', seed);
  let x = stem(b, size, 24);
  for (const [stage, channels] of [240, 480, 960].map(scaler(width, 12)).entries()) {
    for (let unit = 0; unit < (repeats[stage] ?? 0); unit++) {
      const stride = unit === 0 ? 2 : 1;
      const out = unit === 0 ? channels - b.channels(x) : channels;
      const first = b.convBnRelu(x, channels / 4, { kernel: 1, group: stage + unit === 0 ? 1 : group });
      const deep = b.batchNorm(b.depthwise(b.shuffle(first, group), { stride }));
      const last = b.batchNorm(b.conv(deep, out, { kernel: 1, group }));
      x = b.relu(unit === 0 ? b.concat([b.pool('AveragePool', x, 3, 2, 1), last]) : b.add(x, last));
    }
  }
  return b.build(b.head(x, classes));
}

/** Ma, Zhang, Zheng, Sun, "ShuffleNet V2", ECCV 2018, table 5: width 1. */
export function shuffleNetV2({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const scaled = scaler(width, 4);
  const b = new NetworkBuilder('shufflenet-v2', seed);
  let x = stem(b, size, scaled(24));
  for (const [stage, channels] of [116, 232, 464].map(scaled).entries()) {
    const half = channels / 2;
    for (let unit = 0; unit < (repeats[stage] ?? 0); unit++) {
      const stride = unit === 0 ? 2 : 1;
      const [left = x, right = x] = unit === 0 ? [] : b.split(x, [half, half]);
      const inner = b.convBnRelu(right, half, { kernel: 1 });
      const branch = b.convBnRelu(b.batchNorm(b.depthwise(inner, { stride })), half, { kernel: 1 });
      const other =
        unit === 0 ? b.convBnRelu(b.batchNorm(b.depthwise(left, { stride })), half, { kernel: 1 }) : left;
      x = b.shuffle(b.concat([other, branch]), 2);
    }
  }
  return b.build(b.head(b.convBnRelu(x, scaled(1024), { kernel: 1 }), classes));
}

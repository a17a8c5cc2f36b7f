import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type ArchitectureOptions, scaler } from './options.ts';

/** Liu et al., "A ConvNet for the 2020s", CVPR 2022: ConvNeXt-T, its LayerNorms spelled out as exporters do. */
export function convNeXtTiny({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const b = new NetworkBuilder('convnext-tiny', seed);
  let x = b.conv(b.input([3, size, size]), scaler(width)(96), { kernel: 4, stride: 4, pad: 0, bias: true });
  x = channelNorm(b, x);
  for (const [stage, blocks] of [3, 3, 9, 3].entries()) {
    if (stage > 0) {
      const options = { kernel: 2, stride: 2, pad: 0, bias: true };
      x = b.conv(channelNorm(b, x), 2 * b.channels(x), options);
    }
    for (let block = 0; block < blocks; block++) x = convNeXtBlock(b, x);
  }
  const pooled = channelNorm(b, b.op('GlobalAveragePool', [x]));
  return b.build(b.gemm(b.flatten(pooled), classes, { name: 'head' }));
}

function convNeXtBlock(b: NetworkBuilder, x: string): string {
  const channels = b.channels(x);
  const deep = b.transpose(b.depthwise(x, { kernel: 7, bias: true }), [0, 2, 3, 1]);
  const wide = b.add(b.dense(layerNorm(b, deep), 4 * channels), b.randomConstant([4 * channels]));
  const active = b.op('Gelu', [wide], { approximate: 'none' });
  const narrow = b.add(b.dense(active, channels), b.randomConstant([channels]));
  const scaled = b.op('Mul', [b.transpose(narrow, [0, 3, 1, 2]), b.randomConstant([channels, 1, 1])]);
  return b.add(scaled, x);
}

function channelNorm(b: NetworkBuilder, x: string): string {
  return b.transpose(layerNorm(b, b.transpose(x, [0, 2, 3, 1])), [0, 3, 1, 2]);
}

/** Over the last axis. */
function layerNorm(b: NetworkBuilder, x: string): string {
  const dims = b.shape(x).slice(-1);
  const average = { axes: [3], keepdims: 1 };
  const centred = b.op('Sub', [x, b.op('ReduceMean', [x], average)]);
  const variance = b.op('ReduceMean', [b.op('Pow', [centred, b.constant([], [2])])], average);
  const normal = b.op('Div', [centred, b.op('Sqrt', [b.op('Add', [variance, b.constant([], [1e-6])])])]);
  return b.add(b.op('Mul', [normal, b.randomConstant(dims, [0.5, 1.5])]), b.randomConstant(dims));
}

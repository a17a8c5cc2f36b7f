import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type ArchitectureOptions, scaler } from './options.ts';

/** Huang et al., "Densely connected convolutional networks", CVPR 2017: DenseNet-121, growth rate 32. */
export function denseNet121({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const growth = scaler(width, 4)(32);
  const b = new NetworkBuilder('densenet121', seed);
  const image = b.input([3, size, size]);
  let x = b.pool('MaxPool', b.convBnRelu(image, 2 * growth, { kernel: 7, stride: 2 }), 3, 2, 1);
  for (const [stage, layers] of [6, 12, 24, 16].entries()) {
    if (stage > 0) {
      const reduced = b.conv(b.relu(b.batchNorm(x)), b.channels(x) / 2, { kernel: 1 });
      x = b.pool('AveragePool', reduced, 2, 2);
    }
    const features = [x];
    for (let layer = 0; layer < layers; layer++) {
      // As exporters write it: every layer joins all features before it again.
      const joined = features.length > 1 ? b.concat(features) : x;
      const bottleneck = b.conv(b.relu(b.batchNorm(joined)), 4 * growth, { kernel: 1 });
      features.push(b.conv(b.relu(b.batchNorm(bottleneck)), growth));
    }
    x = b.concat(features);
  }
  return b.build(b.head(b.relu(b.batchNorm(x)), classes));
}

/** Iandola et al., "SqueezeNet", 2016: version 1.1. */
export function squeezeNet({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const scaled = scaler(width);
  const b = new NetworkBuilder('squeezenet1.1', seed);
  const convolution = (x: string, out: number, kernel: number) =>
    b.relu(b.conv(x, out, { kernel, bias: true }));
  let x = b.relu(b.conv(b.input([3, size, size]), scaled(64), { stride: 2, pad: 0, bias: true }));
  x = b.pool('MaxPool', x, 3, 2, 0, 1);
  for (const [module, squeezed] of [16, 16, 32, 32, 48, 48, 64, 64].entries()) {
    if (module === 2 || module === 4) x = b.pool('MaxPool', x, 3, 2, 0, 1);
    const narrow = convolution(x, scaled(squeezed), 1);
    x = b.concat([
      convolution(narrow, scaled(4 * squeezed), 1),
      convolution(narrow, scaled(4 * squeezed), 3),
    ]);
  }
  return b.build(b.flatten(b.op('GlobalAveragePool', [convolution(x, classes, 1)])));
}

// Channels of the 1x1 branch, of the two 3x3 branches (reduced, out) and after the pool.
const inceptions = [
  [64, 96, 128, 16, 32, 32],
  [128, 128, 192, 32, 96, 64],
  [192, 96, 208, 16, 48, 64],
  [160, 112, 224, 24, 64, 64],
  [128, 128, 256, 24, 64, 64],
  [112, 144, 288, 32, 64, 64],
  [256, 160, 320, 32, 128, 128],
  [256, 160, 320, 32, 128, 128],
  [384, 192, 384, 48, 128, 128],
] as const;

/** Szegedy et al., "Going deeper with convolutions", CVPR 2015, with BatchNorm, 3x3 in place of 5x5, no auxiliary heads. */
export function googLeNet({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const scaled = scaler(width);
  const b = new NetworkBuilder('googlenet', seed);
  let x = b.convBnRelu(b.input([3, size, size]), scaled(64), { kernel: 7, stride: 2 });
  x = b.pool('MaxPool', x, 3, 2, 0, 1);
  x = b.convBnRelu(b.convBnRelu(x, scaled(64), { kernel: 1 }), scaled(192));
  x = b.pool('MaxPool', x, 3, 2, 0, 1);
  for (const [module, channels] of inceptions.entries()) {
    if (module === 2) x = b.pool('MaxPool', x, 3, 2, 0, 1);
    if (module === 7) x = b.pool('MaxPool', x, 2, 2, 0, 1);
    const [one, reduced, three, squeezed, five, pooled] = channels.map(scaled);
    x = b.concat([
      b.convBnRelu(x, one ?? 0, { kernel: 1 }),
      b.convBnRelu(b.convBnRelu(x, reduced ?? 0, { kernel: 1 }), three ?? 0),
      b.convBnRelu(b.convBnRelu(x, squeezed ?? 0, { kernel: 1 }), five ?? 0),
      b.convBnRelu(b.pool('MaxPool', x, 3, 1, 1), pooled ?? 0, { kernel: 1 }),
    ]);
  }
  return b.build(b.head(x, classes));
}

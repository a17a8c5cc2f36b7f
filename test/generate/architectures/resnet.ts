import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type ArchitectureOptions, scaler } from './options.ts';

/**
 * He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016, section 4.2 (CIFAR-10):
 * depth 20, 32, 44, 56, 110. `shortcut`: 'free' is the paper's option A (every second pixel, padded with
 * channels of zeros), 'projection' a 1x1 convolution with BatchNorm.
 */
export function resNetCifar(
  depth: number,
  shortcut: 'free' | 'projection',
  { size = 32, classes = 10, width, seed }: ArchitectureOptions = {},
): Network {
  const blocks = (depth - 2) / 6;
  if (!Number.isInteger(blocks)) throw new Error(`a CIFAR ResNet has 6n + 2 layers, not ${depth}`);
  const b = new NetworkBuilder(`resnet${depth}-cifar`, seed);
  let x = b.convBnRelu(b.input([3, size, size]), scaler(width)(16));
  for (const channels of [16, 32, 64].map(scaler(width))) {
    for (let block = 0; block < blocks; block++) {
      const stride = channels > b.channels(x) ? 2 : 1;
      const inner = b.convBnRelu(x, channels, { stride });
      const outer = b.batchNorm(b.conv(inner, channels));
      x = b.relu(b.add(outer, cifarShortcut(b, x, channels, stride, shortcut)));
    }
  }
  return b.build(b.head(x, classes));
}

function cifarShortcut(b: NetworkBuilder, x: string, channels: number, stride: number, kind: string): string {
  if (stride === 1) return x;
  if (kind === 'projection') return b.batchNorm(b.conv(x, channels, { kernel: 1, stride }));
  const [, from = 0, height = 0, breadth = 0] = b.shape(x);
  const strided = b.slice(
    x,
    [2, 3],
    [
      [0, height, stride],
      [0, breadth, stride],
    ],
  );
  const before = Math.floor((channels - from) / 2);
  return b.pad(strided, [0, before, 0, 0, 0, channels - from - before, 0, 0]);
}

export interface BottleneckOptions extends ArchitectureOptions {
  /** Conv-groups of the 3x3 convolutions (ResNeXt). */
  readonly cardinality?: number;
  /** Channels of a conv-group in the first stage. */
  readonly groupWidth?: number;
}

/** ResNet-50 with the stride in the 3x3 convolution; with cardinality 32 and group width 4 ResNeXt-50 (Xie et al., CVPR 2017). */
export function resNet50(options: BottleneckOptions = {}): Network {
  const { size = 224, classes = 1000, width, seed, cardinality = 1, groupWidth = 64 } = options;
  const scaled = scaler(width, 8 * cardinality);
  const b = new NetworkBuilder(cardinality > 1 ? 'resnext50' : 'resnet50', seed);
  let x = b.convBnRelu(b.input([3, size, size]), scaled(64), { kernel: 7, stride: 2 });
  x = b.pool('MaxPool', x, 3, 2, 1);
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const inner = scaled(cardinality * groupWidth * 2 ** stage);
    const out = scaled(256 * 2 ** stage);
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1;
      const shortcut = block === 0 ? b.batchNorm(b.conv(x, out, { kernel: 1, stride })) : x;
      const reduced = b.convBnRelu(x, inner, { kernel: 1 });
      const spatial = b.convBnRelu(reduced, inner, { stride, group: cardinality });
      x = b.relu(b.add(b.batchNorm(b.conv(spatial, out, { kernel: 1 })), shortcut));
    }
  }
  return b.build(b.head(x, classes));
}

/** Radosavovic et al., "Designing network design spaces", CVPR 2020: RegNetY-400MF, conv-groups of 8 channels. */
export function regNetY({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const scaled = scaler(width);
  const b = new NetworkBuilder('regnet-y-400mf', seed);
  let x = b.convBnRelu(b.input([3, size, size]), scaled(32), { stride: 2 });
  for (const [channels, blocks] of [
    [48, 1],
    [104, 3],
    [208, 6],
    [440, 6],
  ] as const) {
    const out = scaled(channels);
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 ? 2 : 1;
      const squeezed = Math.round(b.channels(x) / 4);
      const shortcut = block === 0 ? b.batchNorm(b.conv(x, out, { kernel: 1, stride })) : x;
      const spatial = b.convBnRelu(b.convBnRelu(x, out, { kernel: 1 }), out, { stride, group: out / 8 });
      const excited = squeezeExcite(b, spatial, squeezed, 'Relu', 'Sigmoid');
      x = b.relu(b.add(b.batchNorm(b.conv(excited, out, { kernel: 1 })), shortcut));
    }
  }
  return b.build(b.head(x, classes));
}

/** Hu, Shen, Sun, "Squeeze-and-excitation networks", CVPR 2018, by 1x1 convolutions. `activation` may be SiLU. */
export function squeezeExcite(
  b: NetworkBuilder,
  x: string,
  squeezed: number,
  activation: 'Relu' | 'SiLU',
  gate: 'Sigmoid' | 'HardSigmoid',
): string {
  const inner = b.conv(b.op('GlobalAveragePool', [x]), squeezed, { kernel: 1, bias: true });
  const active = activation === 'SiLU' ? b.op('Mul', [inner, b.op('Sigmoid', [inner])]) : b.relu(inner);
  const outer = b.conv(active, b.channels(x), { kernel: 1, bias: true });
  return b.op('Mul', [b.op(gate, [outer], gate === 'Sigmoid' ? {} : { alpha: 1 / 6, beta: 0.5 }), x]);
}

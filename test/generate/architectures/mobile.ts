import type { Network } from '@espalier/network';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type ArchitectureOptions, divisible, scaler } from './options.ts';
import { squeezeExcite } from './resnet.ts';

type Activation = 'Relu' | 'Relu6' | 'HardSwish' | 'SiLU';

function activate(b: NetworkBuilder, x: string, activation: Activation): string {
  if (activation === 'Relu6') return b.op('Clip', [x], { min: 0, max: 6 });
  return activation === 'SiLU' ? b.op('Mul', [x, b.op('Sigmoid', [x])]) : b.op(activation, [x]);
}

interface InvertedResidual {
  readonly kernel: number;
  readonly expanded: number;
  readonly out: number;
  readonly stride: number;
  readonly activation: Activation;
  /** Channels between the two convolutions of squeeze-and-excite, 0 for none. */
  readonly squeezed: number;
}

/** 1x1, depthwise, squeeze-and-excite, 1x1, with a shortcut where the shape stays. */
function invertedResidual(b: NetworkBuilder, x: string, block: InvertedResidual): string {
  const { kernel, expanded, out, stride, activation, squeezed } = block;
  let y = x;
  if (expanded !== b.channels(x)) {
    y = activate(b, b.batchNorm(b.conv(x, expanded, { kernel: 1 })), activation);
  }
  y = activate(b, b.batchNorm(b.depthwise(y, { kernel, stride })), activation);
  if (squeezed > 0) {
    const silu = activation === 'SiLU';
    y = squeezeExcite(b, y, squeezed, silu ? 'SiLU' : 'Relu', silu ? 'Sigmoid' : 'HardSigmoid');
  }
  const projected = b.batchNorm(b.conv(y, out, { kernel: 1 }));
  return stride === 1 && out === b.channels(x) ? b.add(x, projected) : projected;
}

function stem(b: NetworkBuilder, size: number, out: number, activation: Activation): string {
  return activate(b, b.batchNorm(b.conv(b.input([3, size, size]), out, { stride: 2 })), activation);
}

/** Sandler et al., "MobileNetV2", CVPR 2018, table 2. */
export function mobileNetV2({ size = 224, classes = 1000, width, seed }: ArchitectureOptions = {}): Network {
  const scaled = scaler(width);
  const b = new NetworkBuilder('mobilenet-v2', seed);
  let x = stem(b, size, scaled(32), 'Relu6');
  const stages = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ] as const;
  for (const [expansion, out, blocks, stride] of stages) {
    for (let block = 0; block < blocks; block++) {
      x = invertedResidual(b, x, {
        kernel: 3,
        expanded: expansion * b.channels(x),
        out: scaled(out),
        stride: block === 0 ? stride : 1,
        activation: 'Relu6',
        squeezed: 0,
      });
    }
  }
  return b.build(b.head(activate(b, b.batchNorm(b.conv(x, scaled(1280), { kernel: 1 })), 'Relu6'), classes));
}

// kernel, expanded, out, squeeze-and-excite, hard swish, stride
const small = [
  [3, 16, 16, 1, 0, 2],
  [3, 72, 24, 0, 0, 2],
  [3, 88, 24, 0, 0, 1],
  [5, 96, 40, 1, 1, 2],
  [5, 240, 40, 1, 1, 1],
  [5, 240, 40, 1, 1, 1],
  [5, 120, 48, 1, 1, 1],
  [5, 144, 48, 1, 1, 1],
  [5, 288, 96, 1, 1, 2],
  [5, 576, 96, 1, 1, 1],
  [5, 576, 96, 1, 1, 1],
] as const;
const large = [
  [3, 16, 16, 0, 0, 1],
  [3, 64, 24, 0, 0, 2],
  [3, 72, 24, 0, 0, 1],
  [5, 72, 40, 1, 0, 2],
  [5, 120, 40, 1, 0, 1],
  [5, 120, 40, 1, 0, 1],
  [3, 240, 80, 0, 1, 2],
  [3, 200, 80, 0, 1, 1],
  [3, 184, 80, 0, 1, 1],
  [3, 184, 80, 0, 1, 1],
  [3, 480, 112, 1, 1, 1],
  [3, 672, 112, 1, 1, 1],
  [5, 672, 160, 1, 1, 2],
  [5, 960, 160, 1, 1, 1],
  [5, 960, 160, 1, 1, 1],
] as const;

/** Howard et al., "Searching for MobileNetV3", ICCV 2019, tables 1 and 2. */
export function mobileNetV3(
  variant: 'small' | 'large',
  { size = 224, classes = 1000, width, seed }: ArchitectureOptions = {},
): Network {
  const scaled = scaler(width);
  const b = new NetworkBuilder(`mobilenet-v3-${variant}`, seed);
  let x = stem(b, size, scaled(16), 'HardSwish');
  for (const [kernel, expanded, out, squeeze, hard, stride] of variant === 'small' ? small : large) {
    x = invertedResidual(b, x, {
      kernel,
      expanded: scaled(expanded),
      out: scaled(out),
      stride,
      activation: hard ? 'HardSwish' : 'Relu',
      squeezed: squeeze * divisible(scaled(expanded) / 4),
    });
  }
  x = activate(b, b.batchNorm(b.conv(x, 6 * b.channels(x), { kernel: 1 })), 'HardSwish');
  const features = b.gemm(
    b.flatten(b.op('GlobalAveragePool', [x])),
    scaled(variant === 'small' ? 1024 : 1280),
  );
  return b.build(b.gemm(b.op('HardSwish', [features]), classes, { name: 'head' }));
}

/** Tan, Le, "EfficientNet", ICML 2019, table 1: B0. */
export function efficientNetB0({
  size = 224,
  classes = 1000,
  width,
  seed,
}: ArchitectureOptions = {}): Network {
  const scaled = scaler(width);
  const b = new NetworkBuilder('efficientnet-b0', seed);
  let x = stem(b, size, scaled(32), 'SiLU');
  const stages = [
    [1, 3, 1, 16, 1],
    [6, 3, 2, 24, 2],
    [6, 5, 2, 40, 2],
    [6, 3, 2, 80, 3],
    [6, 5, 1, 112, 3],
    [6, 5, 2, 192, 4],
    [6, 3, 1, 320, 1],
  ] as const;
  for (const [expansion, kernel, stride, out, blocks] of stages) {
    for (let block = 0; block < blocks; block++) {
      x = invertedResidual(b, x, {
        kernel,
        expanded: expansion * b.channels(x),
        out: scaled(out),
        stride: block === 0 ? stride : 1,
        activation: 'SiLU',
        squeezed: Math.max(1, Math.floor(b.channels(x) / 4)),
      });
    }
  }
  return b.build(b.head(activate(b, b.batchNorm(b.conv(x, scaled(1280), { kernel: 1 })), 'SiLU'), classes));
}

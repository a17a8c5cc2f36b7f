import type { Architecture } from './architecture.ts';
import type { ArchitectureBuilder } from './builder.ts';

// He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2015. Where the shape changes the shortcut is a
// 1x1 convolution with BatchNorm (option B of the paper); elsewhere it is free.

/** Reads `x`, of which it writes `width` channels (a bottleneck four times as many). */
type Block = (b: ArchitectureBuilder, x: string, name: string, width: number, stride: number) => string;

/** Table 1: for images of ImageNet's size. @param blocks of each stage */
function large(name: string, block: Block, blocks: readonly number[]): Architecture {
  return {
    name,
    smallest: 32,
    features(b) {
      const stem = b.conv('input', 'conv1', 64, { kernel: 7, stride: 2 });
      const active = b.relu(b.batchNorm(stem, 'bn1'), 'relu');
      return stages(b, b.maxPool(active, 'maxpool', { kernel: 3, pad: 1 }), block, 64, blocks);
    },
  };
}

/** Section 4.2 (CIFAR-10): 6n + 2 layers. */
function small(n: number): Architecture {
  return {
    name: `resnet${6 * n + 2}`,
    smallest: 4,
    features(b) {
      const x = b.relu(b.batchNorm(b.conv('input', 'conv1', 16), 'bn1'), 'relu');
      return stages(b, x, basicBlock, 16, [n, n, n]);
    },
  };
}

/** Every stage but the first halves the extents and doubles the width. */
function stages(
  b: ArchitectureBuilder,
  input: string,
  block: Block,
  width: number,
  blocks: readonly number[],
): string {
  let x = input;
  for (const [stage, count] of blocks.entries()) {
    for (let i = 0; i < count; i++) {
      x = block(b, x, `layer${stage + 1}.${i}`, width * 2 ** stage, stage > 0 && i === 0 ? 2 : 1);
    }
  }
  return x;
}

const basicBlock: Block = (b, x, name, width, stride) => {
  const inner = b.conv(x, `${name}.conv1`, width, { stride });
  const active = b.relu(b.batchNorm(inner, `${name}.bn1`), `${name}.relu1`);
  const residual = b.batchNorm(b.conv(active, `${name}.conv2`, width), `${name}.bn2`);
  return joined(b, x, residual, name, stride, `${name}.relu2`);
};

/** The stride is that of the 3x3 convolution, as in torchvision ("ResNet V1.5"), not of the first one. */
const bottleneck: Block = (b, x, name, width, stride) => {
  const narrow = b.conv(x, `${name}.conv1`, width, { kernel: 1 });
  const first = b.relu(b.batchNorm(narrow, `${name}.bn1`), `${name}.relu1`);
  const inner = b.conv(first, `${name}.conv2`, width, { stride });
  const second = b.relu(b.batchNorm(inner, `${name}.bn2`), `${name}.relu2`);
  const wide = b.conv(second, `${name}.conv3`, 4 * width, { kernel: 1 });
  return joined(b, x, b.batchNorm(wide, `${name}.bn3`), name, stride, `${name}.relu3`);
};

function joined(
  b: ArchitectureBuilder,
  x: string,
  residual: string,
  name: string,
  stride: number,
  relu: string,
): string {
  const out = b.channels(residual);
  const free = stride === 1 && b.channels(x) === out;
  const shortcut = free
    ? x
    : b.batchNorm(b.conv(x, `${name}.downsample.0`, out, { kernel: 1, stride }), `${name}.downsample.1`);
  return b.relu(b.add(residual, shortcut, `${name}.add`), relu);
}

export const resnet20 = small(3);
export const resnet56 = small(9);
export const resnet18 = large('resnet18', basicBlock, [2, 2, 2, 2]);
export const resnet50 = large('resnet50', bottleneck, [3, 4, 6, 3]);
